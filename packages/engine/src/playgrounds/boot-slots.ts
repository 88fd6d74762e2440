// Limits how many machines boot at the same time. Booting is all CPU: two machines that share a core take twice as long each,
// and with them every time-out would have to be twice as long.
import pLimit from 'p-limit';

export class BootSlots {
  readonly #limit: ReturnType<typeof pLimit>;

  constructor(count: number) {
    this.#limit = pLimit(count);
  }

  /** How many wait for a slot. */
  get waiting(): number {
    return this.#limit.pendingCount;
  }

  /** Waits for a slot; the caller hands it back with the function it gets. Rejects when the signal aborts first. */
  async take(signal: AbortSignal): Promise<() => void> {
    const { promise: taken, resolve: onTaken } = Promise.withResolvers<() => void>();
    void this.#limit(async () => {
      if (signal.aborted) return;
      const { promise: released, resolve: release } = Promise.withResolvers<void>();
      onTaken(release);
      await released;
    });
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      if (signal.aborted) reject(signal.reason);
    });
    // A slot that comes after the abort is handed back at once.
    void taken.then((release) => signal.aborted && release());
    return await Promise.race([taken, aborted]);
  }
}
