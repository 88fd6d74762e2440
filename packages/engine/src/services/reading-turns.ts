import pLimit from 'p-limit';

/** Each is a `git fetch` with a folder of its own, perhaps from a host that is slow to answer. */
const mostAtOnce = 6;
/** Of one owner, so that nobody keeps all others waiting. */
const mostOfOne = 2;

interface OwnTurns {
  readonly limit: ReturnType<typeof pLimit>;
  /** Those that wait or go on. */
  open: number;
}

/** Whose turn it is to read from a repository: first come, first served, but for those of whom enough goes on already. */
export class ReadingTurns {
  readonly #all = pLimit(mostAtOnce);
  readonly #owners = new Map<string, OwnTurns>();

  /** Does the work when it is its turn. Rejects with the signal’s reason when that aborts before; then nothing is done. */
  async take<T>(owner: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const own = this.#owners.get(owner) ?? { limit: pLimit(mostOfOne), open: 0 };
    this.#owners.set(owner, own);
    own.open += 1;
    const { promise: begun, resolve: begin, reject: giveUp } = Promise.withResolvers<void>();
    const onAbort = () => giveUp(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    const done = own.limit(
      async () =>
        await this.#all(async () => {
          signal.removeEventListener('abort', onAbort);
          begin();
          return signal.aborted ? null : { result: await work() };
        }),
    );
    void done
      .catch(() => {})
      .then(() => {
        own.open -= 1;
        if (own.open === 0) this.#owners.delete(owner);
      });
    await begun;
    const ended = await done;
    if (ended === null) throw signal.reason as Error;
    return ended.result;
  }
}
