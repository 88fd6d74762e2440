// Threads for the work on chunks, and the memory they share with the engine. Both are bounded, however many files are read or
// moved at once.
import { availableParallelism } from 'node:os';
import { Tinypool } from 'tinypool';
import { chunkBytes } from './chunk-size.ts';

/** Threads go when nothing was asked of them for so long: an idle engine pays nothing. */
const idleMs = 10_000;

/** Memory for one chunk, shared with the threads. */
export type Slot = Uint8Array<SharedArrayBuffer>;

/** Work for a thread: `task` must be exported under its own name by the module at the URL `module`. */
export interface ThreadWork<Input, Output> {
  readonly module: URL;
  readonly task: (input: Input) => Output;
  /** Memory that is handed over, and is gone here. */
  readonly transfer?: readonly ArrayBuffer[];
}

export class ChunkThreads {
  #pool: Tinypool | undefined;
  readonly #free: Slot[] = [];
  readonly #waiting: ((slot: Slot) => void)[] = [];
  readonly #slotCount: number;
  #made = 0;

  /** With so many chunks in memory at the same time; each may be there a second time, sealed. */
  constructor(slotCount = 8) {
    this.#slotCount = slotCount;
  }

  /** Memory for a chunk, as soon as there is some. Nobody may hold one while waiting for another. */
  async takeSlot(): Promise<Slot> {
    const free = this.#free.pop();
    if (free) return free;
    if (this.#made < this.#slotCount) {
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

  /** Does some work in whichever thread is free. */
  async run<Input, Output>(
    { module, task, transfer = [] }: ThreadWork<Input, Output>,
    input: Input,
  ): Promise<Output> {
    this.#pool ??= new Tinypool({
      filename: module.href,
      minThreads: 0,
      maxThreads: Math.max(2, availableParallelism()),
      idleTimeout: idleMs,
      // Options with which this process was started, `--input-type` for one, are not for a thread’s file.
      execArgv: [],
    });
    const options = { filename: module.href, name: task.name, transferList: [...transfer] };
    return (await this.#pool.run(input, options)) as Output;
  }

  async close(): Promise<void> {
    await this.#pool?.destroy();
    this.#pool = undefined;
  }
}
