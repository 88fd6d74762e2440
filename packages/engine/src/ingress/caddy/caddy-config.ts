// The configuration that makes Caddy serve our routes, as pure data. The only file that knows its grammar.
import { basename, dirname } from 'node:path';
import { page } from '../page.ts';
import type { PathRule } from '@playhouse/contract/compose/labels/path-rule';
import type { Route } from '../ingress-driver.ts';

export interface CaddyPlace {
  /** `:443`, or an address and a port. */
  readonly httpsPort: number;
  readonly httpPort: number;
  /** Socket of the administrative interface. */
  readonly adminSocket: string;
  /** While this file is there, clients are asked to close their connections: after their next answer, not in between. */
  readonly leaveTaking: string;
  /** Where keys and certificates are kept. */
  readonly storage: string;
}

type Json = { readonly [key: string]: unknown };

/** How long an upstream may take to accept a connection before another is tried. */
const dialTimeout = '2s';
const retryFor = '3s';

export function caddyConfig(routes: readonly Route[], place: CaddyPlace): Json {
  const { httpsPort, httpPort, adminSocket, leaveTaking, storage } = place;
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
            routes: [takeLeave(leaveTaking), ...inOrder(routes).map(routeJson), nobody],
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
  return routes.toSorted((one, other) => weight(other.path) - weight(one.path));
}

function weight(rule: PathRule): number {
  switch (rule.kind) {
    case 'path':
      return rule.value.length + 0.5;
    case 'prefix':
    case 'regexp':
      return rule.value.length;
    case 'not':
      return 0;
    default:
      return Math.max(0, ...rule.rules.map(weight));
  }
}

function routeJson({ id, host, path, target, login }: Route): Json {
  const handlers: Json[] = [];
  if (login !== null) handlers.push(basicAuth(login.user, login.passwordHash));
  if (target.kind === 'page') handlers.push(pageJson(target.status, target.title, target.text));
  else handlers.push(proxyJson(target.addresses));
  return {
    '@id': id,
    match: matcherSets(path).map((set) => ({ host: [host], ...set })),
    handle: handlers,
    terminal: true,
  };
}

/** Sets of matchers of which one must hold, each with all of its matchers. */
function matcherSets(rule: PathRule): readonly Json[] {
  switch (rule.kind) {
    case 'path':
      return [{ path: [literal(rule.value)] }];
    case 'prefix':
      return [rule.value === '/' ? {} : { path: [`${literal(rule.value)}*`] }];
    case 'regexp':
      return [{ path_regexp: { pattern: rule.value } }];
    case 'any':
      return rule.rules.flatMap(matcherSets);
    case 'not':
      return [{ not: matcherSets(rule.rule) }];
    default:
      // A set has one matcher of a kind: that all hold is said as that none does not.
      return [{ not: rule.rules.map((each) => ({ not: matcherSets(each) })) }];
  }
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
