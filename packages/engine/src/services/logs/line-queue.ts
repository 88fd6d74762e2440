// Lines on their way from Docker to whoever reads them. Holds little: who puts waits until there is room.
import { Bell } from '../../system/bell.ts';
import type { SaidLine } from './said-line.ts';

/** Characters that may wait. */
const capacity = 512 * 1024;
/** What one line costs beside its text. */
const overhead = 200;
const longMs = 60_000;

export class LineQueue {
  readonly #bell = new Bell();
  #lines: SaidLine[] = [];
  #size = 0;
  #ended = false;
  #failure: Error | null = null;

  /** Resolves once the line has room; at once, with the line thrown away, when the queue has ended. */
  async put(line: SaidLine): Promise<void> {
    while (this.#size >= capacity && !this.#ended) await this.#bell.wait(longMs);
    if (this.#ended) return;
    this.#lines.push(line);
    this.#size += line.text.length + overhead;
    this.#bell.ring();
  }

  /** No line will follow; `failure` is what the reader is told once it has taken all. */
  end(failure: Error | null = null): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#failure = failure;
    this.#bell.ring();
  }

  /** True when all was taken and nothing will follow. */
  get over(): boolean {
    return this.#ended && this.#lines.length === 0;
  }

  /**
   * The next lines, up to so many characters but at least one if there is one: waits for it at most so long. Throws what the queue
   * was ended with, once nothing else is left.
   */
  async take(mostCharacters: number, waitMs: number): Promise<readonly SaidLine[]> {
    const deadline = performance.now() + waitMs;
    while (this.#lines.length === 0 && !this.#ended && performance.now() < deadline)
      await this.#bell.wait(deadline - performance.now());
    if (this.over && this.#failure !== null) throw this.#failure;
    let end = 0;
    let size = 0;
    for (; end < this.#lines.length && (end === 0 || size < mostCharacters); end++)
      size += (this.#lines[end]?.text.length ?? 0) + overhead;
    const taken = this.#lines.splice(0, end);
    this.#size -= size;
    this.#bell.ring();
    return taken;
  }
}
