import type { IngressDriver, Route } from './ingress-driver.ts';

/** The routes of all playgrounds, each its own. */
export class Ingress {
  readonly #driver: IngressDriver;
  readonly #routes = new Map<string, readonly Route[]>();

  constructor(driver: IngressDriver) {
    this.#driver = driver;
  }

  /**
   * Has a playground’s routes served instead of those that it had; `gently` as drivers mean it.
   * @throws PlayhouseError ingress-failed
   */
  async set(playground: string, routes: readonly Route[], gently = false): Promise<void> {
    const before = this.#routes.get(playground);
    if (before !== undefined && JSON.stringify(before) === JSON.stringify(routes)) return;
    this.#routes.set(playground, routes);
    await this.#apply(gently);
  }

  /** Takes a playground’s routes away. Silent when it has none. */
  async remove(playground: string): Promise<void> {
    if (this.#routes.delete(playground)) await this.#apply();
  }

  /** The playground that serves a host name; null when none does. */
  ownerOf(host: string, path: Route['path']): string | null {
    const wanted = JSON.stringify(path);
    for (const [playground, routes] of this.#routes) {
      const serves = (route: Route) => route.host === host && JSON.stringify(route.path) === wanted;
      if (routes.some(serves)) return playground;
    }
    return null;
  }

  async #apply(gently = false): Promise<void> {
    await this.#driver.apply([...this.#routes.values()].flat(), gently);
  }
}
