// The vault: remote storage of immutable files (layers, memory images) and of small records about them, sealed with the
// installation’s key. A file travels as chunks named by their content, so only what the vault lacks is sent, and what was
// interrupted goes on where it was. It never trusts the storage: whatever comes back is proven before anybody uses it.
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { Turns } from '../system/turns.ts';
import { ChunkThreads } from '../chunks/chunk-threads.ts';
import { Chunks } from './chunks.ts';
import { type Collected, collectChunks } from './collect.ts';
import { decodeIndex, encodeIndex, type FileIndex } from './file-index.ts';
import { Leases, type LeaseTimes } from './leases.ts';
import { checkObjectKey, objectKeys } from './object-keys.ts';
import { readStoredFile } from './read-file.ts';
import { restoreFile } from './restore-file.ts';
import { SealedObjects } from './sealed-objects.ts';
import { storeFile } from './store-file.ts';
import { verifySample } from './verify-sample.ts';
import type { VaultDriver } from './vault-driver.ts';

export interface VaultOptions {
  readonly driver: VaultDriver;
  /** Where the key is, or will be made when the vault is new. */
  readonly keyFile: string;
  readonly leaseTimes?: LeaseTimes;
  /** Shared with other vaults, and not ended by `close`. */
  readonly threads?: ChunkThreads;
}

/** Bytes of the file that are done with, and its size, holes included. */
export type VaultProgress = (doneBytes: number, sizeBytes: number) => void;

export interface MoveOptions {
  readonly signal?: AbortSignal;
  readonly progress?: VaultProgress;
}

export interface StoreOptions extends MoveOptions {
  /** Its name in the vault; nobody else needs to be asked whether it is free: an equal name is replaced. */
  readonly name: string;
  /** Send also chunks that are there: puts right what `verify` found damaged. */
  readonly sendAll?: boolean;
  /** `sha256-4m:…` that the file is known to have. With another one it gets no name in the vault. */
  readonly digest?: string;
}

export interface VerifyOptions extends MoveOptions {
  /** Read only so many chunks, drawn by chance; otherwise all of them, and the digest of the whole. */
  readonly sample?: number;
}

export interface StoredFile {
  /** `sha256-4m:…` of the file’s plaintext (chunks/chunk-digest.ts). */
  readonly digest: string;
  readonly sizeBytes: number;
}

interface ReadAllOptions {
  readonly signal: AbortSignal | undefined;
  readonly progress: VaultProgress | undefined;
  readonly sink: (bytes: Uint8Array, position: number) => Promise<void>;
}

/** All methods throw PlayhouseErrors: vault-unreachable, -refused, -full, -key-wrong, -corrupt, -object-missing, cancelled. */
export class Vault {
  readonly #driver: VaultDriver;
  readonly #objects: SealedObjects;
  readonly #threads: ChunkThreads;
  readonly #ownsThreads: boolean;
  readonly #chunks: Chunks;
  readonly #leases: Leases;
  /** One restore at a time for each path. */
  readonly #restores = new Turns();

  constructor({ driver, keyFile, leaseTimes, threads }: VaultOptions) {
    this.#threads = threads ?? new ChunkThreads();
    this.#ownsThreads = threads === undefined;
    this.#driver = driver;
    this.#objects = new SealedObjects(driver, keyFile);
    this.#chunks = new Chunks(this.#objects, this.#threads);
    this.#leases = new Leases(driver, leaseTimes);
  }

  /** Names the place, as errors do. */
  get where(): string {
    return this.#driver.where;
  }

  /** Proves that the vault answers and is of this key; makes it when the place is empty. */
  async check(): Promise<void> {
    await this.#objects.keys();
  }

  /**
   * Stores a file that nobody changes meanwhile. When it returns, the file is durable there. May be repeated after any
   * failure: only what the vault lacks is sent, `sentBytes` in all.
   * @throws PlayhouseError also file-unreadable, file-damaged.
   */
  async store(path: string, options: StoreOptions): Promise<StoredFile & { readonly sentBytes: number }> {
    const { name, signal, progress, sendAll = false } = options;
    const objectKey = checkObjectKey(objectKeys.file(name));
    await this.check();
    let sentBytes = 0;
    for (;;) {
      const index = await this.#leases.hold(
        'store',
        async (stillStands) => {
          await this.#leases.settled('collect', signal);
          const stored = await storeFile(
            path,
            { chunks: this.#chunks, threads: this.#threads },
            { signal, sendAll, progress: (done, size) => progress?.(done, size) },
          );
          sentBytes += stored.sentBytes;
          const { digest: is } = stored.index;
          const { digest: was = is } = options;
          if (was !== is) throw new PlayhouseError('file-damaged', { path, was, is });
          await this.#objects.write(objectKey, encodeIndex(stored.index), signal);
          // If somebody took this process for dead, chunks that were found present may be gone.
          return (await stillStands()) ? stored.index : null;
        },
        signal,
      );
      if (index) return { digest: index.digest, sizeBytes: index.sizeBytes, sentBytes };
    }
  }

  /**
   * Brings a file back to `path`: sparse, read-only (0444), proven whole, by rename; what was at `path` is replaced only then.
   * @throws PlayhouseError also disk-full.
   */
  async restore(name: string, path: string, { signal, progress }: MoveOptions = {}): Promise<StoredFile> {
    const index = await this.#index(name);
    const { digest, sizeBytes } = index;
    await this.#restores.take(path, async () => {
      await restoreFile(path, sizeBytes, async ({ sink }) => {
        await this.#readAll(name, index, { signal, progress, sink });
      });
    });
    return { digest, sizeBytes };
  }

  /** Reads a file in the vault without keeping it, and proves it. */
  async verify(name: string, { signal, progress, sample }: VerifyOptions = {}): Promise<StoredFile> {
    const index = await this.#index(name);
    const { digest, sizeBytes } = index;
    if (sample === undefined) await this.#readAll(name, index, { signal, progress, sink: async () => {} });
    else
      await verifySample(name, index, {
        chunks: this.#chunks,
        threads: this.#threads,
        count: sample,
        signal,
      });
    return { digest, sizeBytes };
  }

  /** What is stored under a name, without reading it; null when there is no such file. */
  async find(name: string): Promise<StoredFile | null> {
    const index = await this.#readIndex(name);
    return index && { digest: index.digest, sizeBytes: index.sizeBytes };
  }

  /** Names of the files that begin with `prefix`, in any order. */
  async *listFiles(prefix = ''): AsyncIterable<string> {
    yield* this.#names(objectKeys.files, prefix);
  }

  /** Takes a file’s name away; its chunks stay until `collect`. Silent when there is none. */
  async remove(name: string): Promise<void> {
    await this.check();
    await this.#driver.remove(objectKeys.file(name));
  }

  /**
   * Deletes the chunks that no file names. Waits for whoever stores at this moment and gives way to who begins to, in any
   * process. Throws, with nothing deleted, when an index cannot be read.
   */
  async collect(signal?: AbortSignal): Promise<Collected> {
    await this.check();
    const readIndex = async (name: string) => await this.#readIndex(name);
    return await collectChunks({ driver: this.#driver, leases: this.#leases, readIndex }, signal);
  }

  /** Keeps a small JSON value, at most a few MiB, under a name; replaces what was there. Durable when it returns. */
  async putRecord(name: string, value: unknown): Promise<void> {
    await this.#objects.write(objectKeys.record(name), Buffer.from(JSON.stringify(value)));
  }

  /** The record’s value, or null when there is none. */
  async getRecord(name: string): Promise<unknown> {
    const content = await this.#objects.read(objectKeys.record(name));
    return content && JSON.parse(Buffer.from(content).toString('utf8'));
  }

  /** Names of the records that begin with `prefix`, in any order. */
  async *listRecords(prefix = ''): AsyncIterable<string> {
    yield* this.#names(objectKeys.records, prefix);
  }

  /** Silent when there is none. */
  async removeRecord(name: string): Promise<void> {
    await this.check();
    await this.#driver.remove(objectKeys.record(name));
  }

  /** Ends threads and connections. */
  async close(): Promise<void> {
    this.#driver.close();
    if (this.#ownsThreads) await this.#threads.close();
  }

  async *#names(folder: string, prefix: string): AsyncIterable<string> {
    await this.check();
    for await (const { key } of this.#driver.list(`${folder}${prefix}`)) yield key.slice(folder.length);
  }

  async #readAll(name: string, index: FileIndex, options: ReadAllOptions): Promise<void> {
    const { signal, progress, sink } = options;
    const digest = await readStoredFile(
      index,
      { chunks: this.#chunks, threads: this.#threads },
      {
        name,
        signal,
        progress: (done) => progress?.(done, index.sizeBytes),
        sink,
      },
    );
    if (digest === index.digest) return;
    throw this.#objects.corrupt(
      objectKeys.file(name),
      `its chunks make up a file with the digest ${digest}, not ${index.digest}`,
    );
  }

  async #index(name: string): Promise<FileIndex> {
    const index = await this.#readIndex(name);
    if (index === null) throw this.#objects.missing(`file \`${name}\``);
    return index;
  }

  async #readIndex(name: string): Promise<FileIndex | null> {
    const objectKey = checkObjectKey(objectKeys.file(name));
    const content = await this.#objects.read(objectKey);
    try {
      return content && decodeIndex(content);
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      throw new PlayhouseError(
        'vault-corrupt',
        { object: objectKey, where: this.where, detail: cause.message },
        { cause },
      );
    }
  }
}
