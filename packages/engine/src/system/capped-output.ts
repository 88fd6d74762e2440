/** Collects a stream up to a limit. What it holds depends on the bytes kept, not on the number of pieces they came in. */
export class CappedOutput {
  readonly #limit: number;
  #buffer: Buffer = Buffer.alloc(0);
  #size = 0;
  #truncated = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Bytes beyond the limit were dropped. */
  get truncated(): boolean {
    return this.#truncated;
  }

  add(bytes: Buffer): void {
    const kept = bytes.subarray(0, this.#limit - this.#size);
    if (kept.length < bytes.length) this.#truncated = true;
    const needed = this.#size + kept.length;
    if (needed > this.#buffer.length) {
      const grown = Buffer.alloc(Math.min(this.#limit, Math.max(needed, 2 * this.#buffer.length)));
      this.#buffer.copy(grown);
      this.#buffer = grown;
    }
    kept.copy(this.#buffer, this.#size);
    this.#size = needed;
  }

  text(): string {
    return this.#buffer.toString('utf8', 0, this.#size);
  }
}
