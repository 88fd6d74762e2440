/** Keeps the end of a stream, at most `limit` bytes of it. */
export class TailBuffer {
  readonly #limit: number;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(bytes: Buffer): void {
    // Copied: what comes from a socket would keep its whole chunk alive.
    this.#bytes = Buffer.concat([this.#bytes, bytes].map((part) => part.subarray(-this.#limit))).subarray(
      -this.#limit,
    );
  }

  text(): string {
    return this.#bytes.toString('utf8');
  }
}
