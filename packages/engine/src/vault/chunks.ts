// Chunks in the vault: named, sealed and opened in threads, sent and fetched through the driver.
import { createHmac } from 'node:crypto';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { ChunkThreads } from '../chunks/chunk-threads.ts';
import { objectKeys } from './object-keys.ts';
import type { SealedObjects } from './sealed-objects.ts';
import { sealChunk, unsealChunk } from './sealing-tasks.ts';

export interface SentChunk {
  readonly name: string;
  /** What travelled; 0 when the vault had it. */
  readonly sentBytes: number;
}

export interface SendOptions {
  /** SHA-256 of it, 64 hexadecimal digits. */
  readonly digest: string;
  readonly signal: AbortSignal;
  /** Send it although it is there: what is there may be damaged. */
  readonly sendAll: boolean;
}

const sealing = new URL('./sealing-tasks.ts', import.meta.url);

export class Chunks {
  readonly #objects: SealedObjects;
  readonly #threads: ChunkThreads;

  constructor(objects: SealedObjects, threads: ChunkThreads) {
    this.#objects = objects;
    this.#threads = threads;
  }

  /** Stores a chunk unless it is there. */
  async send(bytes: Uint8Array, { digest, signal, sendAll }: SendOptions): Promise<SentChunk> {
    const { driver } = this.#objects;
    const keys = await this.#objects.keys();
    const name = nameChunk(digest, keys.naming);
    const objectKey = objectKeys.chunk(name);
    if (!sendAll && (await driver.has(objectKey, signal))) return { name, sentBytes: 0 };
    const work = { module: sealing, task: sealChunk };
    const sealed = await this.#threads.run(work, { bytes, key: keys.sealing, objectKey });
    await driver.put(objectKey, sealed, signal);
    return { name, sentBytes: sealed.byteLength };
  }

  /**
   * Fetches a chunk of `file` into memory that it fills, proves that it is what its name says, and gives its SHA-256.
   * @throws PlayhouseError vault-object-missing, vault-corrupt …
   */
  async fetch(name: string, into: Uint8Array, file: string, signal: AbortSignal): Promise<string> {
    const objectKey = objectKeys.chunk(name);
    const keys = await this.#objects.keys();
    let fault = '';
    // What arrives damaged is fetched once more: it may only have been hurt on its way.
    for (let attempt = 0; attempt < 2; attempt++) {
      const bytes = await this.#objects.driver.get(objectKey, signal);
      if (bytes === null) throw this.#objects.missing(`object \`${objectKey}\`, a part of \`${file}\``);
      const work = { module: sealing, task: unsealChunk, transfer: ownMemory(bytes) };
      const opened = await this.#threads.run(work, { bytes, key: keys.sealing, objectKey, into });
      if ('fault' in opened) fault = opened.fault;
      else if (opened.digest !== null && nameChunk(opened.digest, keys.naming) === name) return opened.digest;
      else fault = 'its content is not what its name says';
      if (signal.aborted) throw new PlayhouseError('cancelled');
    }
    throw this.#objects.corrupt(objectKey, `${fault}; it is a part of \`${file}\``);
  }
}

/** A keyed digest of its content, so that equal chunks are stored once and a name tells nothing to who lacks the key. */
function nameChunk(digest: string, key: Uint8Array): string {
  return createHmac('sha256', key).update(digest).digest('hex');
}

/** The memory of these bytes, when nothing else is in it. */
function ownMemory({ buffer, byteLength }: Uint8Array): readonly ArrayBuffer[] {
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [];
}
