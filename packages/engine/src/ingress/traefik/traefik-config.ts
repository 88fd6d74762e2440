// The configuration that makes Traefik serve our routes, as pure data: what it is started with, and what it takes up while it runs.
import type { Certificates } from '../certificates/certificates.ts';
import { bypassName, gatePath } from '../gate/return-path.ts';
import { cookiePattern } from '../gate/session.ts';
import type { Route } from '../ingress-driver.ts';
import { pathWeight } from '../path-weight.ts';
import { decidedHeaders } from './traefik-gate.ts';
import { pathRuleText, quoted } from './traefik-rule.ts';

type Json = { readonly [key: string]: unknown };

export interface TraefikPlace {
  readonly httpsPort: number;
  readonly httpPort: number;
  /** Where it says which configuration it has taken up; on loopback. */
  readonly statusPort: number;
  /** The file that it watches. */
  readonly dynamicFile: string;
  /** What it keeps of ACME. */
  readonly acmeFile: string;
}

export interface TraefikGatePlace {
  readonly origin: string;
  readonly path: (what: string) => string;
  /** Vouches for the gate. */
  readonly authorityFile: string;
}

export interface TraefikCertificates {
  /** Hosts that Traefik gets certificates for by itself. */
  readonly automatic: ReadonlySet<string>;
  readonly given: readonly { readonly chain: string; readonly key: string }[];
}

const resolver = 'playhouse';
/** Of a request that no container accepted; with the pauses between them, some three seconds. */
const attempts = 8;
/** Above every path: names a route by what it is for. */
const gatePriority = 1_000_000;

export function staticConfig(place: TraefikPlace, issuer: Certificates['issuer']): Json {
  const { httpsPort, httpPort, statusPort, dynamicFile, acmeFile } = place;
  const redirection = { entryPoint: { to: 'websecure', scheme: 'https', permanent: true } };
  return {
    global: { checkNewVersion: false, sendAnonymousUsage: false },
    log: { level: 'WARN', format: 'json' },
    entryPoints: {
      web: { address: `:${httpPort}`, http: { redirections: redirection } },
      websecure: { address: `:${httpsPort}` },
      status: { address: `127.0.0.1:${statusPort}` },
    },
    ping: { manualRouting: true },
    providers: { providersThrottleDuration: '20ms', file: { filename: dynamicFile, watch: true } },
    ...(issuer.kind === 'acme'
      ? { certificatesResolvers: { [resolver]: { acme: acmeJson(issuer, acmeFile) } } }
      : {}),
  };
}

function acmeJson(issuer: Extract<Certificates['issuer'], { kind: 'acme' }>, storage: string): Json {
  const { directory, email, authorityFile } = issuer;
  return {
    caServer: directory,
    email,
    storage,
    httpChallenge: { entryPoint: 'web' },
    ...(authorityFile === '' ? {} : { caCertificates: [authorityFile] }),
  };
}

/** The text of the file that Traefik watches. `revision` is what it says once it has taken it up. */
export function dynamicConfig(
  routes: readonly Route[],
  revision: string,
  gate: TraefikGatePlace,
  { automatic, given }: TraefikCertificates,
): string {
  const guarded = new Set(routes.filter(({ login }) => login !== null).map(({ host }) => host));
  const parts: Parts = { routers: {}, services: {}, middlewares: {} };
  for (const host of guarded) addGate(parts, host);
  for (const route of routes) addRoute(parts, route, gate, guarded.has(route.host));
  const nobody = { rule: 'PathPrefix("/")', priority: 1, middlewares: ['nobody'], service: 'gate' };
  const { authorityFile: ca } = gate;
  const config = {
    http: {
      routers: {
        ...withTls({ ...parts.routers, nobody }, automatic),
        revision: {
          entryPoints: ['status'],
          rule: `Path(${quoted(`/${revision}`)})`,
          service: 'ping@internal',
        },
      },
      services: {
        ...parts.services,
        gate: { loadBalancer: { servers: [{ url: gate.origin }], serversTransport: 'gate' } },
      },
      middlewares: {
        ...parts.middlewares,
        nobody: { replacePath: { path: gate.path('page/nobody') } },
        gate: { addPrefix: { prefix: gate.path('gate') } },
        strip: { forwardAuth: forwardAuth(gate, 'strip') },
      },
      serversTransports: {
        gate: { rootCAs: [ca] },
        service: { forwardingTimeouts: { dialTimeout: '2s' } },
      },
    },
    ...(given.length === 0
      ? {}
      : { tls: { certificates: given.map(({ chain: certFile, key: keyFile }) => ({ certFile, keyFile })) } }),
  };
  // Traefik takes the file for a template before it reads it: two braces, which stand in texts only, would begin an instruction.
  return JSON.stringify(config).replaceAll('{{', String.raw`{\u007b`);
}

interface Parts {
  readonly routers: Record<string, Json>;
  readonly services: Record<string, Json>;
  readonly middlewares: Record<string, Json>;
}

/** The gate’s own addresses at a host that has a login. */
function addGate({ routers }: Parts, host: string): void {
  const rule = `Host(${quoted(host)}) && PathPrefix(${quoted(gatePath)})`;
  routers[`gate-${host}`] = { rule, priority: gatePriority, middlewares: ['gate'], service: 'gate' };
}

function addRoute(parts: Parts, route: Route, gate: TraefikGatePlace, shared: boolean): void {
  const { id, host, path, target, login } = route;
  const rule = `Host(${quoted(host)}) && ${pathRuleText(path)}`;
  const priority = Math.round(pathWeight(path) * 2 + 2) * 4;
  const after = target.kind === 'page' ? [`page-${id}`] : [`retry-${id}`];
  const service = target.kind === 'page' ? 'gate' : id;
  if (target.kind === 'page')
    parts.middlewares[`page-${id}`] = { replacePath: { path: gate.path(`page/${id}`) } };
  else {
    parts.services[id] = serviceJson(target.addresses);
    parts.middlewares[`retry-${id}`] = {
      retry: { attempts, initialInterval: '50ms' },
    };
  }
  const add = (name: string, more: { rule: string; priority: number; middlewares: readonly string[] }) => {
    parts.routers[name] = { ...more, middlewares: [...more.middlewares, ...after], service };
  };
  if (login === null) {
    add(id, { rule, priority, middlewares: [] });
    // A browser sends the cookie of a session to all services of a host, also to those that ask for none.
    if (shared)
      add(`${id}-strip`, {
        rule: `${rule} && ${withCookie}`,
        priority: priority + 1,
        middlewares: ['strip'],
      });
    return;
  }
  const { playground, user, passwordHash } = login;
  parts.middlewares[`check-${id}`] = { forwardAuth: forwardAuth(gate, `check/${playground}`) };
  parts.middlewares[`basic-${id}`] = {
    basicAuth: { users: [`${user}:${passwordHash}`], realm: 'playground', removeHeader: true },
  };
  add(id, { rule, priority, middlewares: [`check-${id}`] });
  // The password alone needs no engine: Traefik knows its hash.
  const alone = `${rule} && ${withBasic} && !(${withCookie}) && !(${withBypass})`;
  add(`${id}-basic`, { rule: alone, priority: priority + 2, middlewares: [`basic-${id}`] });
}

const withCookie = `HeaderRegexp("Cookie", ${quoted(`${cookiePattern}=`)})`;
const withBasic = `HeaderRegexp("Authorization", ${quoted('(?i)^basic ')})`;
const withBypass = `HeaderRegexp(${quoted(bypassName)}, ".*") || QueryRegexp(${quoted(bypassName)}, ".*")`;

function serviceJson(addresses: readonly string[]): Json {
  const servers = addresses.map((address) => ({ url: `http://${address}` }));
  return { loadBalancer: { servers, passHostHeader: true, serversTransport: 'service' } };
}

function forwardAuth({ origin, path, authorityFile }: TraefikGatePlace, what: string): Json {
  return {
    address: `${origin}${path(what)}`,
    trustForwardHeader: false,
    authResponseHeaders: decidedHeaders,
    tls: { ca: authorityFile },
  };
}

function withTls(
  routers: Readonly<Record<string, Json>>,
  automatic: ReadonlySet<string>,
): Record<string, Json> {
  const entries = Object.entries(routers).map(([name, router]) => {
    const host = /^Host\("([^"]+)"\)/.exec(String(router['rule']))?.[1] ?? '';
    const tls = automatic.has(host) ? { certResolver: resolver, domains: [{ main: host }] } : {};
    return [name, { entryPoints: ['websecure'], tls, ...router }] as const;
  });
  return Object.fromEntries(entries);
}
