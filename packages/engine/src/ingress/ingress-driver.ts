// The ingress: the reverse proxy that gives services their HTTPS addresses. What a driver of it must do; `ingress-driver.contract.ts`
// is the proof.
import type { PathRule } from '@playhouse/contract/compose/labels/path-rule';

/** Where requests go: to one of several addresses (`172.20.0.3:80`), or to a page that says why there is none. */
export type Target =
  | { readonly kind: 'upstreams'; readonly addresses: readonly string[] }
  | { readonly kind: 'page'; readonly status: number; readonly title: string; readonly text: string };

/** Who is let through: HTTP Basic auth. */
export interface Login {
  readonly user: string;
  /** Of bcrypt. */
  readonly passwordHash: string;
}

export interface Route {
  /** Unique; names the route in the proxy’s configuration. */
  readonly id: string;
  /** `web-shop.localhost`, in lower case. */
  readonly host: string;
  /** Which requests to the host are meant. */
  readonly path: PathRule;
  readonly target: Target;
  /** Null lets everybody through. */
  readonly login: Login | null;
}

/** A reverse proxy that outlives the engine: what it was last told holds while nobody tells it anything. */
export interface IngressDriver {
  readonly name: string;
  /**
   * Has exactly these routes served, at once and without dropping a request that is under way. Starts the proxy where it does not
   * run. Of two routes of a host the one with the longer path counts. With `gently` connections that clients keep open without a
   * request under way are not closed in the instant in which one may be coming, even if that takes a second.
   * @throws PlayhouseError ingress-failed
   */
  apply(routes: readonly Route[], gently?: boolean): Promise<void>;
  /** Ends the proxy. Silent when it does not run. */
  stop(): Promise<void>;
}
