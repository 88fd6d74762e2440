// How far each container’s log was read, so that a reader can go on there: after the container was started again, after its own
// stream or the engine was gone. Known are the times of the last few lines: what a container says on its two outputs at about the same
// instant is not in order of time.
import { z } from 'zod';

/** Lines of each container that are known by their times. */
const knownLines = 4;
/** So many at most, when there are more of the same instant. */
const mostKnown = 16;
const idDigits = 12;

const positionsSchema = z.object({
  since: z.string().nullable(),
  read: z.record(z.string(), z.array(z.string()).min(1).max(mostKnown)),
});

export class Positions {
  #since: string | null;
  readonly #read: Map<string, readonly string[]>;

  /** `since` is for containers of which nothing was read yet: from then on; null for all of it. */
  constructor(since: string | null, read: Iterable<readonly [string, readonly string[]]> = []) {
    this.#since = since;
    this.#read = new Map(read);
  }

  /** From a cursor; null when it is none. */
  static parse(cursor: string): Positions | null {
    try {
      const text = Buffer.from(cursor, 'base64url').toString('utf8');
      const { since, read } = positionsSchema.parse(JSON.parse(text));
      return new Positions(since, Object.entries(read));
    } catch {
      return null;
    }
  }

  /** What `parse` reads. */
  get cursor(): string {
    const positions = { since: this.#since, read: Object.fromEntries(this.#read) };
    return Buffer.from(JSON.stringify(positions)).toString('base64url');
  }

  copy(): Positions {
    return new Positions(this.#since, this.#read);
  }

  /** Where to begin with a container, inclusive; null for its beginning. */
  beginOf(container: string): string | null {
    const known = this.#read.get(keyOf(container));
    return known === undefined ? this.#since : earliest(known);
  }

  /** Tells of each line of one reading of a container, from `beginOf` on, whether it is new. */
  newOf(container: string): (at: string) => boolean {
    const known = [...(this.#read.get(keyOf(container)) ?? [])];
    const begin = this.beginOf(container);
    return (at) => {
      const index = known.indexOf(at);
      if (index >= 0) known.splice(index, 1);
      return index < 0 && (begin === null || at >= begin);
    };
  }

  /** Nothing before this is wanted of containers of which nothing was read yet. */
  raise(since: string): void {
    if (this.#since === null || this.#since < since) this.#since = since;
  }

  /** Notes that a line was read. */
  advance(container: string, at: string): void {
    const key = keyOf(container);
    this.#read.set(key, latest([...(this.#read.get(key) ?? []), at]));
  }
}

/** The last few; of an instant from which reading would begin again all are known, or none. */
function latest(times: readonly string[]): readonly string[] {
  const kept = times.slice(-mostKnown);
  while (kept.length > knownLines && kept[0] !== earliest(kept.slice(1))) kept.shift();
  return kept;
}

function keyOf(container: string): string {
  return container.slice(0, idDigits);
}

function earliest(times: readonly string[]): string {
  return times.reduce((one, other) => (one < other ? one : other));
}
