// Which snapshots could not be put into the vault, why, and when that is tried again: the pauses double, so that one that cannot
// be stored takes nothing from those that can. Forgotten with the engine: the next one tries at once.
import { toErrorBody } from '@playhouse/contract/errors/playhouse-error';
import type { SnapshotFailure } from '@playhouse/contract/snapshot';

const longestPauseMs = 3_600_000;

interface Trouble {
  readonly failure: SnapshotFailure;
  readonly failures: number;
  readonly retryAt: number;
}

export class OffloadTroubles {
  readonly #troubles = new Map<string, Trouble>();
  readonly #pauseMs: number;
  readonly #now: () => number;

  /** `pauseMs` comes after the first failure. */
  constructor(pauseMs: number, now: () => number) {
    this.#pauseMs = pauseMs;
    this.#now = now;
  }

  /** True unless it failed and its pause is not over. */
  isDue(id: string): boolean {
    return (this.#troubles.get(id)?.retryAt ?? 0) <= this.#now();
  }

  note(id: string, error: unknown): SnapshotFailure {
    const failures = (this.#troubles.get(id)?.failures ?? 0) + 1;
    const now = this.#now();
    const retryAt = now + Math.min(this.#pauseMs * 2 ** (failures - 1), longestPauseMs);
    const { code, message, hint } = toErrorBody(error);
    const failure = { code, message, hint, at: instant(now), retryAt: instant(retryAt) };
    this.#troubles.set(id, { failure, failures, retryAt });
    return failure;
  }

  get(id: string): SnapshotFailure | null {
    return this.#troubles.get(id)?.failure ?? null;
  }

  forget(id: string): void {
    this.#troubles.delete(id);
  }

  /** Forgets all but these. */
  keep(ids: ReadonlySet<string>): void {
    for (const id of this.#troubles.keys()) if (!ids.has(id)) this.#troubles.delete(id);
  }

  /** Milliseconds until the first is tried again; null when there are none. */
  get pauseMs(): number | null {
    if (this.#troubles.size === 0) return null;
    const first = Math.min(...[...this.#troubles.values()].map(({ retryAt }) => retryAt));
    return Math.max(0, first - this.#now());
  }
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
