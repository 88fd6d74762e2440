// The ingress: the reverse proxy that gives services their HTTPS addresses. What a driver of it must do; `ingress-driver.contract.ts`
// is the proof.
import type { PathRule } from '@playhouse/contract/compose/labels/path-rule';

/** What is shown in place of a service. Nothing in its texts is taken for HTML, or for anything that the proxy would fill in. */
export interface Page {
  readonly kind: 'page';
  readonly status: number;
  readonly title: string;
  readonly text: string;
  /** What a program said, as it said it. */
  readonly said?: string;
  /** Seconds after which it is worth to ask again: the page does, and programs are told. */
  readonly again?: number;
}

/** Where requests go: to one of several addresses (`172.20.0.3:80`), or to a page that says why there is none. */
export type Target = { readonly kind: 'upstreams'; readonly addresses: readonly string[] } | Page;

/**
 * Who is let through: whoever has the password, by HTTP Basic auth, a session that logging in at the gate began, or the token for
 * programs. None of these reaches the service; an Authorization header that is not ours does.
 */
export interface Login {
  /** The playground that it is of, whose name the cookie carries. */
  readonly playground: string;
  readonly user: string;
  /** To know it where it comes with something else that lets in. */
  readonly password: string;
  /** Of bcrypt. */
  readonly passwordHash: string;
  /** Values of the cookie that are of a session. */
  readonly sessions: readonly string[];
  /** Value of the header `x-playhouse-bypass`. */
  readonly bypass: string;
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
  /** False before the first routes, and when the proxy has ended since, or a part of it. */
  readonly alive: boolean;
  /**
   * Has exactly these routes served, at once and without dropping a request that is under way. Starts the proxy where it does not
   * run. Of two routes of a host the one with the longer path counts. With `gently` connections that clients keep open without a
   * request under way are not closed in the instant in which one may be coming, even if that takes a second. Requests below
   * `/.playhouse/` of hosts that have a login, and browsers that have to log in, go to the gate; without an engine nobody gets in
   * who would not with it.
   * @throws PlayhouseError ingress-failed
   */
  apply(routes: readonly Route[], gently?: boolean): Promise<void>;
  /**
   * Waits until hosts of the routes that were applied have certificates.
   * @throws PlayhouseError certificate-refused, naming the host and why
   */
  certify(hosts: readonly string[]): Promise<void>;
  /** Ends the proxy. Silent when it does not run. */
  stop(): Promise<void>;
}
