import { clientNetwork } from './client-network.ts';

const windowMs = 5 * 60_000;
const perClient = 10;
/** Of all clients of a playground together. */
const perPlayground = 200;
/** Most clients that are remembered; past it the oldest are forgotten. */
const remembered = 10_000;

/**
 * How often somebody may be wrong about a password; all addresses of an IPv6 network are one client. In memory: an engine that
 * starts anew counts anew.
 */
export class GuessLimit {
  readonly #now: () => number;
  readonly #wrong = new Map<string, { count: number; readonly until: number }>();

  /** `now` gives milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Seconds until the client may try again; 0 when it may. */
  waitOf(playground: string, client: string): number {
    const waits = [
      this.#wait(keyOf(playground, clientNetwork(client)), perClient),
      this.#wait(keyOf(playground, ''), perPlayground),
    ];
    return Math.ceil(Math.max(...waits) / 1000);
  }

  wasWrong(playground: string, client: string): void {
    for (const key of [keyOf(playground, clientNetwork(client)), keyOf(playground, '')]) {
      const known = this.#wrong.get(key);
      if (known !== undefined && known.until > this.#now()) known.count++;
      else {
        this.#wrong.delete(key);
        this.#wrong.set(key, { count: 1, until: this.#now() + windowMs });
      }
    }
    for (const key of this.#wrong.keys()) {
      if (this.#wrong.size <= remembered) break;
      this.#wrong.delete(key);
    }
  }

  #wait(key: string, most: number): number {
    const known = this.#wrong.get(key);
    return known === undefined || known.count < most ? 0 : Math.max(0, known.until - this.#now());
  }
}

function keyOf(playground: string, client: string): string {
  return `${playground} ${client}`;
}
