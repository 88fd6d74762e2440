/** Lets work on the same thing happen one after the other, in the order in which it was asked for. */
export class Turns {
  /** The end of each queue, by the thing that is worked on. */
  readonly #tails = new Map<string, Promise<void>>();

  /** Does the work when all earlier work on `key` has ended, well or badly. Settles as the work does. */
  async take(key: string, work: () => Promise<void>): Promise<void> {
    const done = (this.#tails.get(key) ?? Promise.resolve()).then(work);
    // A failure is its own caller’s to hear of, not the next one’s.
    const tail = done
      .catch(() => {})
      .then(() => {
        if (this.#tails.get(key) === tail) this.#tails.delete(key);
      });
    this.#tails.set(key, tail);
    await done;
  }

  /** Settles when all work that was asked for until now has ended. */
  async settled(): Promise<void> {
    await Promise.all(this.#tails.values());
  }
}
