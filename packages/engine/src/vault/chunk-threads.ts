// Threads for the work on chunks, and the memory they share with the engine. Both are bounded for the whole vault, however
// many files move at once.
import { availableParallelism } from 'node:os';
import { Tinypool } from 'tinypool';
import type * as tasks from './chunk-tasks.ts';
import { chunkBytes } from './file-index.ts';

/** Chunks in memory at the same time; each may be there a second time, sealed. */
const slotCount = 8;

/** Threads go when nothing was stored or restored for so long: an idle engine pays nothing. */
const idleMs = 10_000;

type Task = keyof typeof tasks;
type TaskOf<Name extends Task> = Parameters<(typeof tasks)[Name]>[0];
type ResultOf<Name extends Task> = ReturnType<(typeof tasks)[Name]>;
type ChunkTask = 'nameChunk' | 'sealChunk' | 'unsealChunk';

/** Memory for one chunk, shared with the threads. */
export type Slot = Uint8Array<SharedArrayBuffer>;

export class ChunkThreads {
  #workers: Tinypool | undefined;
  #hasher: Tinypool | undefined;
  readonly #free: Slot[] = [];
  readonly #waiting: ((slot: Slot) => void)[] = [];
  #made = 0;
  #hashes = 0;

  /** Memory for a chunk, as soon as there is some. Whoever takes several must take them in the order of its file. */
  async takeSlot(): Promise<Slot> {
    const free = this.#free.pop();
    if (free) return free;
    if (this.#made < slotCount) {
      this.#made += 1;
      // One that could grow is made of whole pages, as direct writes need their memory.
      return new Uint8Array(new SharedArrayBuffer(chunkBytes, { maxByteLength: chunkBytes }), 0, chunkBytes);
    }
    return await new Promise((resolve) => this.#waiting.push(resolve));
  }

  giveSlot(slot: Slot): void {
    const next = this.#waiting.shift();
    if (next) next(slot);
    else this.#free.push(slot);
  }

  /** Does one of the tasks on a chunk, in whichever thread is free. */
  async run<Name extends ChunkTask>(name: Name, task: TaskOf<Name>): Promise<ResultOf<Name>> {
    this.#workers ??= makePool(Math.max(2, availableParallelism()));
    return await runTask(this.#workers, name, task);
  }

  /** A digest over parts that must be given in their order, each before the one before it need be done. */
  startHash(): FileHash {
    this.#hashes += 1;
    this.#hasher ??= makePool(1);
    return new FileHash(this.#hasher, this.#hashes);
  }

  async close(): Promise<void> {
    await Promise.all([this.#workers?.destroy(), this.#hasher?.destroy()]);
    this.#workers = undefined;
    this.#hasher = undefined;
  }
}

export class FileHash {
  readonly #pool: Tinypool;
  readonly #id: number;

  constructor(pool: Tinypool, id: number) {
    this.#pool = pool;
    this.#id = id;
  }

  /** Settles when the bytes, or so many zeros, have been read. */
  async update(bytes: Uint8Array | number): Promise<void> {
    await runTask(this.#pool, 'hashPart', { id: this.#id, bytes });
  }

  /** `sha256:…` of all parts. Must be called also when a file is given up, to forget it. */
  async end(): Promise<string> {
    return await runTask(this.#pool, 'hashEnd', { id: this.#id });
  }
}

async function runTask<Name extends Task>(
  pool: Tinypool,
  name: Name,
  task: TaskOf<Name>,
): Promise<ResultOf<Name>> {
  return (await pool.run(task, { name })) as ResultOf<Name>;
}

function makePool(maxThreads: number): Tinypool {
  return new Tinypool({
    filename: new URL('./chunk-tasks.ts', import.meta.url).href,
    minThreads: 0,
    maxThreads,
    idleTimeout: idleMs,
  });
}
