import type { IngressDriver, Login, Route } from './ingress-driver.ts';

/** A route as a playground has it: who is let in, the ingress knows. */
export interface PlaygroundRoute extends Omit<Route, 'login'> {
  /** True for those who have the password only. */
  readonly internal: boolean;
}

/** The routes of all playgrounds, each its own. */
export class Ingress {
  readonly #driver: IngressDriver;
  readonly #loginOf: (playground: string) => Login;
  readonly #routes = new Map<string, readonly PlaygroundRoute[]>();
  /** What the driver was asked for last; null when it could not do that. */
  #wanted: string | null = null;
  #latest: Promise<void> = Promise.resolve();
  #held = false;
  /** Settles when what was held is served, or could not be. */
  #released: Promise<void> = Promise.resolve();
  #settle: Pick<PromiseWithResolvers<void>, 'resolve' | 'reject'> | null = null;

  /** `loginOf` says who is let in to the internal services of a playground, at this moment. */
  constructor(driver: IngressDriver, loginOf: (playground: string) => Login) {
    this.#driver = driver;
    this.#loginOf = loginOf;
  }

  /**
   * Tells the driver nothing until it is released: an engine that comes back gets to know one playground after the other, and the
   * addresses of those that it has not looked at yet must not be taken away meanwhile.
   */
  hold(): void {
    this.#held = true;
    const { promise, ...settle } = Promise.withResolvers<void>();
    promise.catch(() => {});
    [this.#released, this.#settle] = [promise, settle];
  }

  /** @throws PlayhouseError ingress-failed */
  async release(): Promise<void> {
    if (!this.#held) return;
    this.#held = false;
    try {
      if (this.#routes.size > 0) await this.#apply();
      this.#settle?.resolve();
    } catch (error) {
      this.#settle?.reject(error);
      // What failed is tried again: it is nothing to those who come later.
      this.#released = Promise.resolve();
      throw error;
    }
  }

  /**
   * Waits until what was asked for is served, which it is at once unless it is held. Whoever says that something is done waits for it;
   * what the release waits for must not. @throws PlayhouseError ingress-failed
   */
  async served(): Promise<void> {
    await this.#released;
  }

  /**
   * Has a playground’s routes served instead of those that it had; `gently` as drivers mean it.
   * @throws PlayhouseError ingress-failed
   */
  async set(playground: string, routes: readonly PlaygroundRoute[], gently = false): Promise<void> {
    const before = this.#routes.get(playground);
    this.#routes.set(playground, routes);
    // What failed before is tried again.
    if (this.#wanted !== null && JSON.stringify(before) === JSON.stringify(routes)) return;
    await this.#apply(gently);
  }

  /** Takes a playground’s routes away. Silent when it has none. What could not be taken away is known, and tried again. */
  async remove(playground: string): Promise<void> {
    if (this.#routes.has(playground)) await this.set(playground, []);
    await this.served();
    this.#routes.delete(playground);
  }

  /** Has the driver know who is let in now, and look at certificates anew. Silent before the first route. */
  async refresh(): Promise<void> {
    this.#wanted = null;
    if (this.#routes.size > 0) await this.#apply();
  }

  /** Starts the proxy again when it has ended by itself, and tries again what failed. @throws PlayhouseError ingress-failed */
  async tend(): Promise<void> {
    if (this.#held) return;
    await this.#latest.catch(() => {});
    if (this.#wanted === null || !this.#driver.alive) await this.refresh();
  }

  /** Waits until a playground’s addresses have certificates. @throws PlayhouseError certificate-refused */
  async certify(playground: string): Promise<void> {
    const hosts = (this.#routes.get(playground) ?? []).map(({ host }) => host);
    await this.#driver.certify([...new Set(hosts)]);
  }

  /** The playground that serves a host name; null when none does. */
  ownerOf(host: string, path: Route['path']): string | null {
    const wanted = JSON.stringify(path);
    for (const [playground, routes] of this.#routes) {
      const serves = (route: PlaygroundRoute) => route.host === host && JSON.stringify(route.path) === wanted;
      if (routes.some(serves)) return playground;
    }
    return null;
  }

  /** The playgrounds that have internal services at a host. */
  internalAt(host: string): readonly string[] {
    const has = (routes: readonly PlaygroundRoute[]) =>
      routes.some((route) => route.internal && route.host === host);
    return [...this.#routes].flatMap(([playground, routes]) => (has(routes) ? [playground] : []));
  }

  /** Where it cannot be read any more who is let in, nobody is; routes of others are served all the same. */
  #letIn(playground: string): Login | undefined {
    try {
      return this.#loginOf(playground);
    } catch {
      return undefined;
    }
  }

  async #apply(gently = false): Promise<void> {
    if (this.#held) return;
    const routes = [...this.#routes].flatMap(([playground, own]) =>
      own.flatMap(({ internal, ...route }): Route[] => {
        const login = internal ? this.#letIn(playground) : null;
        return login === undefined ? [] : [{ ...route, login }];
      }),
    );
    const wanted = JSON.stringify(routes);
    if (wanted === this.#wanted) return await this.#latest;
    this.#wanted = wanted;
    this.#latest = this.#driver.apply(routes, gently);
    try {
      await this.#latest;
    } catch (error) {
      if (this.#wanted === wanted) this.#wanted = null;
      throw error;
    }
  }
}
