import type { Clock } from '../progress/renderer.ts';

/** A clock that stands still until the test moves it. */
export class FakeClock implements Clock {
  #now = 1_000_000;
  readonly #calls = new Set<{ readonly every: number; due: number; readonly call: () => void }>();

  readonly now = (): number => this.#now;

  readonly every = (milliseconds: number, call: () => void): (() => void) => {
    const entry = { every: milliseconds, due: this.#now + milliseconds, call };
    this.#calls.add(entry);
    return () => this.#calls.delete(entry);
  };

  advance(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (;;) {
      const next = [...this.#calls].filter(({ due }) => due <= end).sort((a, b) => a.due - b.due)[0];
      if (next === undefined) break;
      this.#now = next.due;
      next.due += next.every;
      next.call();
    }
    this.#now = end;
  }
}
