// The configuration that makes Caddy serve our routes, as pure data. The only file that knows its grammar.
import { page } from '../page.ts';
import type { PathMatch, Route } from '../ingress-driver.ts';

export interface CaddyPlace {
  /** `:443`, or an address and a port. */
  readonly httpsPort: number;
  readonly httpPort: number;
  /** Socket of the administrative interface. */
  readonly adminSocket: string;
  /** Where keys and certificates are kept. */
  readonly storage: string;
}

type Json = { readonly [key: string]: unknown };

/** How long an upstream may take to accept a connection before another is tried. */
const dialTimeout = '2s';
const retryFor = '3s';

export function caddyConfig(routes: readonly Route[], place: CaddyPlace): Json {
  const { httpsPort, httpPort, adminSocket, storage } = place;
  return {
    // Whoever can open the socket may speak; a name has to be agreed upon all the same.
    admin: { listen: `unix/${adminSocket}`, origins: ['localhost'], config: { persist: false } },
    storage: { module: 'file_system', root: storage },
    logging: { logs: { default: { level: 'WARN' } } },
    apps: {
      http: {
        http_port: httpPort,
        https_port: httpsPort,
        servers: {
          playhouse: {
            listen: [`:${httpsPort}`],
            routes: [...inOrder(routes).map(routeJson), nobody],
            // Whoever asks for a name that nobody has still gets a page that says so.
            tls_connection_policies: [{}],
          },
        },
      },
      tls: {
        automation: {
          policies: [{ issuers: [{ module: 'internal' }], on_demand: false }],
        },
        certificates: { automate: [...new Set(routes.map(({ host }) => host))] },
      },
      // The host’s own trust store is not ours to change.
      pki: { certificate_authorities: { local: { install_trust: false } } },
    },
  };
}

/** Longer paths first, exact ones before others: the first that fits is taken. */
function inOrder(routes: readonly Route[]): readonly Route[] {
  const weight = ({ path }: Route) =>
    path === null ? -1 : path.value.length * 2 + (path.kind === 'exact' ? 1 : 0);
  return routes.toSorted((one, other) => weight(other) - weight(one));
}

function routeJson({ id, host, path, target, login }: Route): Json {
  const handlers: Json[] = [];
  if (login !== null) handlers.push(basicAuth(login.user, login.passwordHash));
  if (target.kind === 'page') handlers.push(pageJson(target.status, target.title, target.text));
  else handlers.push(proxyJson(target.addresses));
  return {
    '@id': id,
    match: [{ host: [host], ...(path === null ? {} : pathJson(path)) }],
    handle: handlers,
    terminal: true,
  };
}

function pathJson({ kind, value }: PathMatch): Json {
  if (kind === 'regexp') return { path_regexp: { pattern: value } };
  return {
    path: kind === 'exact' ? [literal(value)] : [literal(value), `${literal(value.replace(/\/$/, ''))}/*`],
  };
}

/** A path in which nothing stands for anything else. */
function literal(path: string): string {
  return path.replaceAll('*', '%2A');
}

function basicAuth(username: string, hash: string): Json {
  const password = Buffer.from(hash).toString('base64');
  return {
    handler: 'authentication',
    providers: {
      http_basic: {
        hash: { algorithm: 'bcrypt' },
        accounts: [{ username, password }],
        realm: 'playground',
        // bcrypt is slow on purpose; once per login is enough.
        hash_cache: {},
      },
    },
  };
}

function proxyJson(addresses: readonly string[]): Json {
  return {
    handler: 'reverse_proxy',
    upstreams: addresses.map((dial) => ({ dial })),
    transport: { protocol: 'http', dial_timeout: dialTimeout },
    load_balancing: {
      selection_policy: { policy: 'round_robin' },
      try_duration: retryFor,
      try_interval: '50ms',
    },
    // What the service says is passed on as it comes: event streams must not wait.
  };
}

function pageJson(status: number, title: string, text: string): Json {
  const headers = {
    'Content-Type': ['text/html; charset=utf-8'],
    'Cache-Control': ['no-store'],
    ...(status === 503 ? { 'Retry-After': ['5'] } : {}),
  };
  return { handler: 'static_response', status_code: status, headers, body: page(title, text) };
}

/** The last route: no playground has this address. */
const nobody: Json = {
  handle: [
    pageJson(
      404,
      'There is nothing at this address',
      'No playground that runs has it. It may have been stopped or destroyed.',
    ),
  ],
};
