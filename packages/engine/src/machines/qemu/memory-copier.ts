import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { MemoryPlace } from './copy-memory.ts';

/** A thread that waits to copy a machine’s memory, so that the machine need not wait for the thread. */
export class MemoryCopier {
  readonly #worker: Worker;

  private constructor(worker: Worker) {
    this.#worker = worker;
  }

  static async start(): Promise<MemoryCopier> {
    const worker = new Worker(new URL('copy-memory-thread.ts', import.meta.url));
    await once(worker, 'message');
    return new MemoryCopier(worker);
  }

  /** Gives the number of bytes that were changed. Rejects with what went wrong in the thread. */
  async copy(place: MemoryPlace): Promise<number> {
    const answer = once(this.#worker, 'message') as Promise<[{ changedBytes: number }]>;
    // eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    this.#worker.postMessage(place);
    const [{ changedBytes }] = await answer;
    return changedBytes;
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
