// The server’s reconciliation loop: compares what playgrounds should be by now with what they are, and begins what is
// missing. Level-triggered: it looks at the store each time and remembers nothing that matters, so a restart, a clock that
// jumps or an engine that is away costs time and never an expiry. What it begins are ordinary operations.
import type { Logger } from 'pino';
import type { ControlPlane } from '../control-plane.ts';
import { announce, getPlayground } from '../operations/accepted.ts';
import { findUnderWay } from '../operations/accept-on-playground.ts';
import { listExpiring, type StoredPlayground, toPublicPlayground } from '../store/playgrounds.ts';
import { expire } from './expire.ts';
import { goesAtEnd, isDue, isNearEnd } from './is-due.ts';
import { WorkAsked } from './work-asked.ts';
import { tendDrift } from './tend-drift.ts';
import { tendDrills } from './tend-drills.ts';
import { tendPrewarms } from './tend-prewarms.ts';
import { tendSpares } from './tend-spares.ts';

const lookEveryMs = 2000;
/** How long before its end a playground is announced to expire. */
const warnMs = 5 * 60_000;

export class Playguard {
  readonly #plane: ControlPlane;
  readonly #logger: Logger;
  /** The end that was announced of each playground; a new one is announced again. */
  readonly #warned = new Map<string, string>();
  readonly #work: WorkAsked;
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> = Promise.resolve();

  constructor(plane: ControlPlane, logger: Logger) {
    this.#plane = plane;
    this.#logger = logger;
    this.#work = new WorkAsked(plane, logger, async (id) => await this.#begin(id));
  }

  /** Looks at once, and from then on every few seconds. */
  start(): void {
    this.#look();
    this.#timer = setInterval(() => this.#look(), lookEveryMs);
  }

  /** Ends the loop; resolves when nothing of it is under way. */
  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    await this.#looking;
    await this.#work.end();
  }

  /** One look: begins what is due. A playground that cannot be dealt with keeps no other from its turn. */
  async tick(): Promise<void> {
    const { store, now } = this.#plane;
    const expiring = await listExpiring(store.database);
    for (const playground of expiring) {
      this.#warn(playground);
      if (!isDue(playground, now())) continue;
      // Whether somebody’s work would go with it only the engine can tell, which nobody else waits for.
      if (playground.stack !== null && goesAtEnd(playground)) this.#work.ask(playground);
      else await this.#begin(playground.id);
    }
    const known = new Set(expiring.map(({ id }) => id));
    for (const id of this.#warned.keys()) if (!known.has(id)) this.#warned.delete(id);
    this.#work.keepOnly(known);
    await tendPrewarms(this.#plane, this.#logger);
    await tendSpares(this.#plane, this.#logger);
    await tendDrills(this.#plane, this.#logger);
    await tendDrift(this.#plane, this.#logger);
  }

  #look(): void {
    this.#looking = this.#looking
      .then(async () => await this.tick())
      .catch((error: unknown) => this.#logger.error({ err: error }, 'the playguard could not look'));
  }

  async #begin(id: string): Promise<void> {
    await this.#expire(id).catch((error: unknown) => {
      this.#logger.error({ err: error, playground: id }, 'an expiry could not begin; trying again');
    });
  }

  /** Decided and begun in one transaction: whoever extends the lifetime does so before or after, never in between. */
  async #expire(id: string): Promise<void> {
    const plane = this.#plane;
    const work = await plane.store.transaction(async (transaction) => {
      const found = await getPlayground(transaction, id);
      if (!isDue(found, plane.now())) return null;
      if (goesAtEnd(found) && (await findUnderWay(transaction, found, 'playground.destroy'))) return null;
      return await expire(plane, transaction, found);
    });
    if (work === null) return;
    const { name, expiresAt, onExpiry } = work.playground;
    this.#logger.info({ playground: name, expiresAt, onExpiry }, 'the lifetime of a playground is over');
    announce(plane, work.playground, work.operation);
  }

  #warn(playground: StoredPlayground): void {
    const { id, name, expiresAt, onExpiry } = playground;
    if (expiresAt === null || this.#warned.get(id) === expiresAt) return;
    if (!isNearEnd(playground, this.#plane.now(), warnMs)) return;
    this.#warned.set(id, expiresAt);
    this.#logger.info(
      { playground: name, expiresAt, onExpiry },
      'the lifetime of a playground is nearly over',
    );
    this.#plane.feed.publish({ kind: 'expiring', playground: toPublicPlayground(playground) });
  }
}
