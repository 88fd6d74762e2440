import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Logger } from 'pino';
import type { ControlPlane } from '../control-plane.ts';
import type { StoredPlayground } from '../store/playgrounds.ts';

/** How long until it is asked again what could not be answered. */
const againMs = 60_000;

/**
 * Has the engine look at the checkouts of playgrounds whose time is over. Nothing that matters is remembered: after a restart it is
 * asked anew.
 */
export class WorkAsked {
  readonly #plane: ControlPlane;
  readonly #logger: Logger;
  readonly #begin: (id: string) => Promise<void>;
  readonly #asking = new Map<string, Promise<void>>();
  /** When each is asked about again, in milliseconds. */
  readonly #askAt = new Map<string, number>();
  /** What was said of each, at which end: it is said once. */
  readonly #said = new Map<string, string>();

  /** `begin` destroys what nobody has work in. */
  constructor(plane: ControlPlane, logger: Logger, begin: (id: string) => Promise<void>) {
    this.#plane = plane;
    this.#logger = logger;
    this.#begin = begin;
  }

  /** Asks about a playground, and destroys it when nothing is to be kept. Asks again only after the pause that the engine wishes. */
  ask(playground: StoredPlayground): void {
    const { id } = playground;
    const now = this.#plane.now().getTime();
    // An engine that is away does not destroy anything either.
    if (now < (this.#askAt.get(id) ?? 0) || this.#asking.has(id) || !this.#plane.engine.connected) return;
    this.#askAt.set(id, now + againMs);
    const asking = this.#ask(playground).finally(() => this.#asking.delete(id));
    this.#asking.set(id, asking);
  }

  /** Forgets what is gone, or has no end any more. */
  keepOnly(ids: ReadonlySet<string>): void {
    for (const known of [this.#askAt, this.#said])
      for (const id of known.keys()) if (!ids.has(id)) known.delete(id);
  }

  /** Resolves when nobody is asked any more. */
  async end(): Promise<void> {
    await Promise.all(this.#asking.values());
  }

  async #ask({ id, name, expiresAt }: StoredPlayground): Promise<void> {
    try {
      const asked = this.#plane.now().getTime();
      const answer = await this.#plane.engine.ask({ kind: 'services.work', playgroundId: id });
      const { services, againSeconds } = answer;
      this.#askAt.set(id, asked + againSeconds * 1000);
      if (services.length === 0) return await this.#begin(id);
      const about = services.map((service) => `${service.name} (${service.reason})`).join(', ');
      if (!this.#isNew(id, `${expiresAt} ${about}`)) return;
      this.#logger.warn(
        { playground: name, expiresAt, services },
        'the lifetime of a playground is over; it is kept, for its checkouts have work that only they have',
      );
    } catch (error) {
      const code = error instanceof PlayhouseError ? error.code : String(error);
      // It is back soon, and asked then.
      if (code === 'engine-down') this.#askAt.delete(id);
      else if (this.#isNew(id, `${expiresAt} ${code}`))
        this.#logger.warn(
          { playground: name, err: error },
          'the lifetime of a playground is over; it is kept, for its checkouts could not be looked at',
        );
    }
  }

  #isNew(id: string, words: string): boolean {
    const isNew = this.#said.get(id) !== words;
    this.#said.set(id, words);
    return isNew;
  }
}
