import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';

/**
 * Several things under way at once of which the first failure ends all: it aborts `signal`, and `land` throws it when the
 * last has settled. Nothing goes on behind the caller’s back.
 */
export class Flight {
  readonly #abort = new AbortController();
  readonly #under = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | undefined;
  readonly signal: AbortSignal;

  constructor(outer?: AbortSignal) {
    this.signal = outer ? AbortSignal.any([outer, this.#abort.signal]) : this.#abort.signal;
  }

  /** Whether there is no use in starting more. */
  get isLost(): boolean {
    return this.signal.aborted;
  }

  add(work: Promise<void>): void {
    const watched = work
      .catch((error: unknown) => {
        this.#failure ??= { error };
        this.#abort.abort();
      })
      .finally(() => this.#under.delete(watched));
    this.#under.add(watched);
  }

  /** Waits for all; throws the first failure, or `cancelled` when the outer signal was aborted. */
  async land(): Promise<void> {
    while (this.#under.size > 0) await Promise.all(this.#under);
    if (this.#failure) throw this.#failure.error;
    if (this.signal.aborted) throw new PlayhouseError('cancelled');
  }
}
