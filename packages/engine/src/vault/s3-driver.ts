// The vault in a bucket of any S3-compatible server. The client retries what may be retried, with pauses that grow, and gives
// up on a connection over which nothing comes; uploads carry a checksum that the server proves.
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { AnswerBrokeOff, explainS3, isNotFound, rethrowBrokenOff } from './explain-s3.ts';
import { checkObjectKey } from './object-keys.ts';
import { largestObjectBytes, type VaultDriver, type VaultObject } from './vault-driver.ts';

export interface S3Options {
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  /** What all keys begin with; empty, or words separated by slashes. */
  readonly prefix: string;
  readonly accessKeyId: string;
  readonly readSecret: () => Promise<string>;
  /** Nothing came or went over a connection for so long: it is given up, and the request repeated. */
  readonly stallMs?: number;
  /** How often a request is sent before it counts as failed. */
  readonly attempts?: number;
}

const connectMs = 5_000;

export class S3Driver implements VaultDriver {
  readonly where: string;
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #prefix: string;
  readonly #attempts: number;

  constructor(options: S3Options) {
    const { endpoint, region, bucket, prefix, accessKeyId, stallMs = 20_000, attempts = 5 } = options;
    this.where = `in bucket ${bucket} at ${endpoint}`;
    this.#bucket = bucket;
    this.#prefix = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
    this.#attempts = attempts;
    this.#client = new S3Client({
      endpoint,
      region,
      forcePathStyle: true,
      maxAttempts: attempts,
      credentials: async () => ({
        accessKeyId,
        secretAccessKey: await options.readSecret(),
        expiration: new Date(Date.now() + 5 * 60_000),
      }),
      requestHandler: new NodeHttpHandler({
        connectionTimeout: connectMs,
        socketTimeout: stallMs,
        httpAgent: { maxSockets: 32 },
        httpsAgent: { maxSockets: 32 },
      }),
      // Whatever comes back is proven by its seal; not every server has the checksums that the client would ask for.
      responseChecksumValidation: 'WHEN_REQUIRED',
    });
  }

  async put(key: string, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
    if (bytes.byteLength > largestObjectBytes) throw new RangeError(`${key} is larger than an object may be`);
    const command = new PutObjectCommand({
      ...this.#at(key),
      Body: bytes,
      ContentLength: bytes.byteLength,
      ChecksumAlgorithm: 'CRC32',
    });
    await this.#attempt(signal, async (options) => void (await this.#client.send(command, options)));
  }

  async get(key: string, signal?: AbortSignal): Promise<Buffer | null> {
    const at = this.#at(key);
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#attempt(signal, async (options) => {
          const { Body, ContentLength } = await this.#client.send(new GetObjectCommand(at), options);
          const bytes = Buffer.from((await Body?.transformToByteArray().catch(rethrowBrokenOff)) ?? []);
          if (ContentLength !== undefined && bytes.byteLength !== ContentLength) {
            throw new AnswerBrokeOff(`the answer ended after ${bytes.byteLength} of ${ContentLength} bytes`);
          }
          return bytes;
        });
      } catch (error) {
        if (isNotFound(error)) return null;
        // The client repeats requests, but not when an answer breaks off that had begun well.
        if (
          !(error instanceof PlayhouseError) ||
          !(error.cause instanceof AnswerBrokeOff) ||
          attempt >= this.#attempts
        )
          throw error;
      }
    }
  }

  async has(key: string, signal?: AbortSignal): Promise<boolean> {
    const command = new HeadObjectCommand(this.#at(key));
    try {
      await this.#attempt(signal, async (options) => await this.#client.send(command, options));
      return true;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  }

  async *list(prefix: string, signal?: AbortSignal): AsyncIterable<VaultObject> {
    let from: string | undefined;
    do {
      const command = new ListObjectsV2Command({
        Bucket: this.#bucket,
        Prefix: `${this.#prefix}${prefix}`,
        ContinuationToken: from,
      });
      const page = await this.#attempt(signal, async (options) => await this.#client.send(command, options));
      for (const { Key = '', Size = 0 } of page.Contents ?? []) {
        yield { key: Key.slice(this.#prefix.length), sizeBytes: Size };
      }
      from = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (from !== undefined);
  }

  async remove(key: string, signal?: AbortSignal): Promise<void> {
    const command = new DeleteObjectCommand(this.#at(key));
    try {
      await this.#attempt(signal, async (options) => await this.#client.send(command, options));
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  close(): void {
    this.#client.destroy();
  }

  #at(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.#bucket, Key: `${this.#prefix}${checkObjectKey(key)}` };
  }

  async #attempt<Result>(
    signal: AbortSignal | undefined,
    action: (options: { abortSignal?: AbortSignal }) => Promise<Result>,
  ): Promise<Result> {
    try {
      signal?.throwIfAborted();
      return await action(signal ? { abortSignal: signal } : {});
    } catch (error) {
      throw explainS3(error, { where: this.where, signal });
    }
  }
}
