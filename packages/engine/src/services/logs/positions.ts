// How far each container’s log was read, so that a reader can go on there: after the container was started again, after its own
// stream or the engine was gone. Docker’s times have nanoseconds; of lines of the very same instant it is counted how many were read.
import { z } from 'zod';

const positionsSchema = z.object({
  since: z.string().nullable(),
  containers: z.record(z.string(), z.tuple([z.string(), z.int()])),
});

export class Positions {
  #since: string | null;
  readonly #read: Map<string, readonly [at: string, count: number]>;

  /** `since` is for containers of which nothing was read yet: from then on; null for all of it. */
  constructor(since: string | null, read: Iterable<readonly [string, readonly [string, number]]> = []) {
    this.#since = since;
    this.#read = new Map(read);
  }

  /** From a cursor; null when it is none. */
  static parse(cursor: string): Positions | null {
    try {
      const { since, containers } = positionsSchema.parse(JSON.parse(cursor));
      return new Positions(since, Object.entries(containers));
    } catch {
      return null;
    }
  }

  /** What `parse` reads. */
  get cursor(): string {
    return JSON.stringify({ since: this.#since, containers: Object.fromEntries(this.#read) });
  }

  copy(): Positions {
    return new Positions(this.#since, this.#read);
  }

  /** Where to begin with a container, inclusive; null for its beginning. */
  beginOf(container: string): string | null {
    return this.#read.get(container)?.[0] ?? this.#since;
  }

  /** Tells of each line of one reading of a container, from `beginOf` on, whether it is new. */
  newOf(container: string): (at: string) => boolean {
    const [last = '', count = 0] = this.#read.get(container) ?? [];
    let same = 0;
    return (at) => {
      if (at === last) return ++same > count;
      return at > last && (this.#since === null || at >= this.#since);
    };
  }

  /** Nothing before this is wanted of containers of which nothing was read yet. */
  raise(since: string): void {
    if (this.#since === null || this.#since < since) this.#since = since;
  }

  /** Notes that a line was read. */
  advance(container: string, at: string): void {
    const [last, count = 0] = this.#read.get(container) ?? [];
    this.#read.set(container, [at, at === last ? count + 1 : 1]);
  }
}
