import { longestTail } from '@playhouse/contract/service-log';

/** Characters of the texts that are kept of a service. */
export const latestCharacters = 4 * 1024 * 1024;

/** The last lines of what is added, as many as asked for, within bounds of memory. */
export class LatestLines<T extends { readonly text: string }> {
  readonly #most: number;
  #lines: T[] = [];
  #begin = 0;
  #characters = 0;

  constructor(most = longestTail) {
    this.#most = most;
  }

  add(line: T): void {
    this.#lines.push(line);
    this.#characters += line.text.length;
    while (this.#lines.length - this.#begin > this.#most || this.#characters > latestCharacters) {
      this.#characters -= this.#lines[this.#begin]?.text.length ?? 0;
      this.#begin += 1;
    }
    // Now and then, so that adding costs the same however much went before.
    if (this.#begin > this.#most + 1000) {
      this.#lines = this.#lines.slice(this.#begin);
      this.#begin = 0;
    }
  }

  get lines(): readonly T[] {
    return this.#lines.slice(this.#begin);
  }
}
