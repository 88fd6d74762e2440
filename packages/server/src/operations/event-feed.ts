import type { Event } from '@playhouse/contract/event';

/** An event before the feed numbers and dates it. */
export type News = Event extends infer E ? (E extends Event ? Omit<E, 'sequence' | 'at'> : never) : never;

/**
 * Tells those who listen what changed. It keeps nothing: every event carries the whole entity, and who was away reads the
 * store. Publish after the commit, never inside a transaction.
 */
export class EventFeed {
  readonly #listeners = new Set<(event: Event) => void>();
  readonly #now: () => Date;
  #sequence = 0;

  constructor(now: () => Date) {
    this.#now = now;
  }

  publish(...news: readonly News[]): void {
    for (const item of news) {
      this.#sequence += 1;
      const event = this.stamp(item);
      for (const listener of this.#listeners) listener(event);
    }
  }

  /** Dates news as of now without telling anybody: for the first frame of a reader that just came. */
  stamp(item: News): Event {
    return { ...item, sequence: this.#sequence, at: this.#now().toISOString() };
  }

  /** Returns the function that ends the subscription. */
  subscribe(listener: (event: Event) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
