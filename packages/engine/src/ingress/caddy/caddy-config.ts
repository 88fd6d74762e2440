// The configuration that makes Caddy serve our routes, as pure data.
import { basename, dirname } from 'node:path';
import type { Certificates } from '../certificates/certificates.ts';
import { claimsOfTraefik, clientClaims } from '../client-claims.ts';
import type { Route } from '../ingress-driver.ts';
import { didNotAnswer, nobodyHere } from '../page-texts.ts';
import { pathWeight } from '../path-weight.ts';
import { clientAsTold, type Json, pageJson } from './caddy-json.ts';
import { type CaddyGate, gateRoute, guarded, withoutOurs } from './caddy-login.ts';
import { findHost } from './find-host.ts';
import { matcherSets } from './caddy-matchers.ts';

/** Whom Caddy serves: everybody, or another proxy of this host alone, which tells it whom that serves. */
export type CaddyFront =
  | {
      readonly kind: 'open';
      readonly httpsPort: number;
      readonly httpPort: number;
    }
  | { readonly kind: 'behind'; readonly port: number };

export interface CaddyPlace {
  readonly front: CaddyFront;
  /** While this file is there, clients are asked to close their connections: after their next answer, not in between. */
  readonly leaveTaking: string;
  /** Socket of the administrative interface. */
  readonly adminSocket: string;
  /** Socket of the gate. */
  readonly gateSocket: string;
  /** Whether Caddy can keep WebSockets open when it takes up another configuration. */
  readonly keepsSockets: boolean;
  /** For how long an upstream that accepts none is tried again. Default: 3 s. */
  readonly retryForMs?: number | undefined;
  /** Where keys and certificates are kept. */
  readonly storage: string;
}

export interface CaddyCertificates {
  readonly issuer: Certificates['issuer'];
  /** Hosts that Caddy gets certificates for by itself. */
  readonly automatic: readonly string[];
  /** Those of all others, PEM. */
  readonly given: readonly { readonly chain: string; readonly key: string }[];
}

/** How long an upstream may take to accept a connection before another is tried. */
const dialTimeout = '2s';
const usualRetryForMs = 3000;
/** For how long a WebSocket may live on by the routes with which it began. */
const socketsLiveOn = '24h';

/** What it begins with: it can be told more, and says nothing to anybody else. There is no secret in it. */
export function firstConfig({ adminSocket, storage }: Pick<CaddyPlace, 'adminSocket' | 'storage'>): Json {
  return {
    // Whoever can open the socket may speak; a name has to be agreed upon all the same.
    admin: { listen: `unix/${adminSocket}`, origins: ['localhost'], config: { persist: false } },
    storage: { module: 'file_system', root: storage },
    // What becomes of single requests is not written down: their addresses carry secrets, and anybody could fill the disk.
    logging: { logs: { default: { level: 'WARN', exclude: ['http.handlers', 'http.log'] } } },
  };
}

export function caddyConfig(
  routes: readonly Route[],
  place: CaddyPlace,
  certificates: CaddyCertificates,
): Json {
  const { front, leaveTaking } = place;
  const guarded = new Set(routes.filter(({ login }) => login !== null).map(({ host }) => host));
  const nobody = { handle: [pageJson(nobodyHere)] };
  const hosts = Object.entries(Object.groupBy(routes, ({ host }) => host)).map(([host, own = []]) => ({
    host,
    routes: [
      ...(guarded.has(host) ? [gateRoute(host, gateOf(place))] : []),
      ...inOrder(own).map((route) => routeJson(route, place, guarded)),
    ],
  }));
  return {
    ...firstConfig(place),
    apps: {
      http: {
        ...portsOf(front),
        servers: {
          playhouse: {
            ...listening(front),
            routes: [takeLeave(leaveTaking), ...findHost(hosts, nobody), nobody],
            errors: {
              routes: [
                {
                  match: [{ vars: { '{http.error.status_code}': ['502', '503', '504'] } }],
                  handle: [pageJson(didNotAnswer)],
                },
              ],
            },
            // Whoever asks for a name that nobody has still gets a page that says so.
            tls_connection_policies: [{}],
          },
        },
      },
      tls: tlsJson(certificates),
    },
  };
}

function portsOf(front: CaddyFront): Json {
  return front.kind === 'open' ? { http_port: front.httpPort, https_port: front.httpsPort } : {};
}

function listening(front: CaddyFront): Json {
  // HTTP/3 has its requests cut off when Caddy takes up another configuration.
  const protocols = ['h1', 'h2'];
  // Which certificates there are, is said with TLS.
  if (front.kind === 'open')
    return { listen: [`:${front.httpsPort}`], automatic_https: { disable_certificates: true }, protocols };
  return { listen: [`127.0.0.1:${front.port}`], automatic_https: { disable: true }, protocols: ['h1'] };
}

function tlsJson({ issuer, automatic, given }: CaddyCertificates): Json {
  const pairs = given.map(({ chain: certificate, key }) => ({ certificate, key }));
  return {
    certificates: { automate: automatic, load_pem: pairs },
    ...(issuer.kind === 'acme' ? { automation: { policies: [{ issuers: [acmeJson(issuer)] }] } } : {}),
  };
}

function acmeJson({
  directory,
  email,
  authorityFile,
}: Extract<Certificates['issuer'], { kind: 'acme' }>): Json {
  return {
    module: 'acme',
    ca: directory,
    ...(email === '' ? {} : { email }),
    ...(authorityFile === '' ? {} : { trusted_roots_pem_files: [authorityFile] }),
  };
}

/**
 * Caddy closes idle connections when it takes up another configuration. A client that is just sending on one sees its request fail,
 * unless it sends it again, as browsers do and many a program does not.
 */
function takeLeave(file: string): Json {
  return {
    match: [{ file: { root: dirname(file), try_files: [`/${basename(file)}`] } }],
    handle: [{ handler: 'headers', response: { set: { Connection: ['close'] } } }],
  };
}

/** Rules that name longer paths first: of two that fit, the first is taken. */
function inOrder(routes: readonly Route[]): readonly Route[] {
  return routes.toSorted((one, other) => pathWeight(other.path) - pathWeight(one.path));
}

function routeJson(
  { id, host, path, target, login }: Route,
  place: CaddyPlace,
  guardedHosts: ReadonlySet<string>,
): Json {
  const handlers = [target.kind === 'page' ? pageJson(target) : proxyJson(target.addresses, place)];
  // A browser sends the cookie of a session to all services of a host, also to those that ask for none.
  const open = guardedHosts.has(host) ? [...withoutOurs(), ...handlers] : handlers;
  return {
    '@id': id,
    match: matcherSets(path).map((set) => ({ host: [host], ...set })),
    handle: login === null ? open : [guarded(login, handlers, gateOf(place))],
    terminal: true,
  };
}

function gateOf({ gateSocket: socket, front }: CaddyPlace): CaddyGate {
  return { socket, behind: front.kind === 'behind' };
}

function proxyJson(
  addresses: readonly string[],
  { front, keepsSockets, retryForMs = usualRetryForMs }: CaddyPlace,
): Json {
  return {
    handler: 'reverse_proxy',
    upstreams: addresses.map((dial) => ({ dial })),
    transport: { protocol: 'http', dial_timeout: dialTimeout },
    load_balancing: {
      selection_policy: { policy: 'round_robin' },
      try_duration: `${retryForMs}ms`,
      try_interval: '50ms',
    },
    ...(keepsSockets ? { stream_close_delay: socketsLiveOn } : {}),
    headers: {
      request:
        front.kind === 'behind'
          ? { set: clientAsTold, delete: clientClaims }
          : { delete: [...clientClaims, ...claimsOfTraefik] },
    },
    // What the service says is passed on as it comes: event streams must not wait.
  };
}
