// Keeps the collector from deleting a chunk that somebody who stores has just found present and is about to name in an index,
// in whatever process or on whatever host. Both say in the vault itself that they are at work; clocks are never compared:
// a lease is alive when its content changes while one looks.
//
//   who stores:   writes its lease, then waits until no collector is at work. When it has written its index it makes sure that
//                 nobody took it for dead meanwhile, else it looks at every chunk again.
//   who collects: writes its lease, and before each small batch that it deletes it makes sure that nobody stores and that its
//                 own lease still stands; else it stops.
//
// So either the storer’s lease was there when the collector looked, which then deletes nothing more, or the storer sees the
// collector’s and waits for what it may still be deleting.
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { objectKeys } from './object-keys.ts';
import type { VaultDriver } from './vault-driver.ts';

export interface LeaseTimes {
  /** How often a lease is renewed. */
  readonly renewMs: number;
  /** A storer whose lease did not change for so long has died. Many times `renewMs`. */
  readonly storerMs: number;
  /** A collector that has not given way after so long has died, or will see that its lease is gone. */
  readonly collectorMs: number;
  readonly lookMs: number;
}

export const leaseTimes: LeaseTimes = {
  renewMs: 15_000,
  storerMs: 120_000,
  collectorMs: 30_000,
  lookMs: 500,
};

/** For the removal of a lease. */
const removalMs = 3_000;

type Role = 'store' | 'collect';

export class Leases {
  readonly #driver: VaultDriver;
  readonly #times: LeaseTimes;

  constructor(driver: VaultDriver, times: LeaseTimes = leaseTimes) {
    this.#driver = driver;
    this.#times = times;
  }

  /**
   * Holds a lease while `work` runs. `stillStands` tells whether nobody took its holder for dead: neither was the lease removed,
   * nor did its renewals pause for so long that it could have been.
   */
  async hold<Result>(
    role: Role,
    work: (stillStands: () => Promise<boolean>) => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result> {
    const key = objectKeys.lease(`${role}-${randomBytes(8).toString('hex')}`);
    const stop = new AbortController();
    const until = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
    let [round, renewed, lapsed] = [0, performance.now(), false];
    const renew = async () => {
      const began = performance.now();
      // Otherwise a renewal would bring back a lease that was taken away.
      if (round > 0 && !(await this.#driver.has(key, until))) lapsed = true;
      await this.#driver.put(key, Buffer.from(`${++round}\n`), until);
      lapsed ||= performance.now() - renewed > this.#times.storerMs / 2;
      renewed = began;
    };
    await renew();
    let renewing: Promise<void> | undefined;
    // A collector is not waited for as long as it lives, so it renews nothing.
    const timer =
      role === 'store' ? setInterval(() => void (renewing ??= quiet(renew)), this.#times.renewMs) : null;
    timer?.unref();
    const quiet = async (action: () => Promise<void>) => {
      // One that fails shows in the pause until the next.
      await action().catch(() => {});
      renewing = undefined;
    };
    let failed = true;
    try {
      const result = await work(async () => {
        await renewing;
        if (role === 'store') await renew();
        else lapsed ||= !(await this.#driver.has(key, signal));
        return !lapsed;
      });
      failed = false;
      return result;
    } finally {
      if (timer) clearInterval(timer);
      stop.abort();
      await renewing;
      // A deletion that got no answer may still be done: the lease stays, for who stores to wait it out.
      const mustStay = role === 'collect' && failed;
      // One that is left over makes others wait for a moment, so nobody waits long for a vault that says nothing.
      if (!mustStay) await this.#driver.remove(key, AbortSignal.timeout(removalMs)).catch(() => {});
    }
  }

  /** Whether anybody has such a lease, dead or alive. */
  async any(role: Role, signal?: AbortSignal): Promise<boolean> {
    for await (const _ of this.#driver.list(objectKeys.lease(`${role}-`), signal)) return true;
    return false;
  }

  /** Waits until nobody alive has such a lease, and removes those of the dead. @throws PlayhouseError cancelled */
  async settled(role: Role, signal?: AbortSignal): Promise<void> {
    const limit = role === 'store' ? this.#times.storerMs : this.#times.collectorMs;
    const seen = new Map<string, { content: string; since: number }>();
    for (;;) {
      let alive = 0;
      for await (const { key } of this.#driver.list(objectKeys.lease(`${role}-`), signal)) {
        const content = (await this.#driver.get(key, signal))?.toString('latin1');
        if (content === undefined) continue;
        const last = seen.get(key);
        if (last?.content !== content) {
          seen.set(key, { content, since: performance.now() });
        } else if (performance.now() - last.since > limit) {
          await this.#driver.remove(key, signal);
          continue;
        }
        alive += 1;
      }
      if (alive === 0) return;
      await sleep(this.#times.lookMs, undefined, { ...(signal && { signal }) }).catch((cause: unknown) => {
        throw new PlayhouseError('cancelled', {}, { cause });
      });
    }
  }
}
