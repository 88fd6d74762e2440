// Chunks in the vault: named, sealed and opened in threads, sent and fetched through the driver.
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { ChunkThreads } from './chunk-threads.ts';
import { objectKeys } from './object-keys.ts';
import type { SealedObjects } from './sealed-objects.ts';

export interface SentChunk {
  /** Null when it has only zeros, which need no chunk. */
  readonly name: string | null;
  /** What travelled; 0 when the vault had it. */
  readonly sentBytes: number;
}

export interface SendOptions {
  readonly signal: AbortSignal;
  /** Send it although it is there: what is there may be damaged. */
  readonly sendAll: boolean;
}

export class Chunks {
  readonly #objects: SealedObjects;
  readonly #threads: ChunkThreads;

  constructor(objects: SealedObjects, threads: ChunkThreads) {
    this.#objects = objects;
    this.#threads = threads;
  }

  /** Stores a chunk unless it is there. */
  async send(bytes: Uint8Array, { signal, sendAll }: SendOptions): Promise<SentChunk> {
    const { driver } = this.#objects;
    const { naming, sealing } = await this.#objects.keys();
    const name = await this.#threads.run('nameChunk', { bytes, key: naming });
    if (name === null) return { name, sentBytes: 0 };
    const objectKey = objectKeys.chunk(name);
    if (!sendAll && (await driver.has(objectKey, signal))) return { name, sentBytes: 0 };
    const sealed = await this.#threads.run('sealChunk', { bytes, key: sealing, objectKey });
    await driver.put(objectKey, sealed, signal);
    return { name, sentBytes: sealed.byteLength };
  }

  /**
   * Fetches a chunk of `file` into memory that it fills.
   * @throws PlayhouseError vault-object-missing, vault-corrupt …
   */
  async fetch(name: string, into: Uint8Array, file: string, signal: AbortSignal): Promise<void> {
    const objectKey = objectKeys.chunk(name);
    const { sealing: key } = await this.#objects.keys();
    let fault: string | null = null;
    // What arrives damaged is fetched once more: it may only have been hurt on its way.
    for (let attempt = 0; attempt < 2; attempt++) {
      const bytes = await this.#objects.driver.get(objectKey, signal);
      if (bytes === null) throw this.#objects.missing(`object \`${objectKey}\`, a part of \`${file}\``);
      fault = await this.#threads.run('unsealChunk', { bytes, key, objectKey, into });
      if (fault === null) return;
      if (signal.aborted) throw new PlayhouseError('cancelled');
    }
    throw this.#objects.corrupt(objectKey, `${fault ?? ''}; it is a part of \`${file}\``);
  }
}
