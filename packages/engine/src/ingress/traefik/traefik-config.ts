// The configuration that makes Traefik serve our routes, as pure data: what it is started with, and what it takes up while it runs.
import type { Certificates } from '../certificates/certificates.ts';
import { clientClaims } from '../client-claims.ts';
import type { Route, Target } from '../ingress-driver.ts';
import { pathWeight } from '../path-weight.ts';
import { behindName, idleMs } from './caddy-behind.ts';
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

/** The Caddy behind Traefik. */
export interface Behind {
  /** Those that are handed on to it. */
  readonly hosts: ReadonlySet<string>;
  /** On loopback. */
  readonly port: number;
  /** Vouches for it. */
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
/**
 * How long a client may take to send a request, its head included. Traefik’s own minute is too short for a large upload, and an hour
 * would let those who send nothing hold connections for as long.
 */
const readTimeout = '10m';
/** Nothing takes a header away. Of a WebSocket Traefik says `wss`, which services do not take for HTTPS. */
const toService = {
  ...Object.fromEntries(clientClaims.map((name) => [name, ''])),
  'X-Forwarded-Proto': 'https',
};

export function staticConfig(place: TraefikPlace, issuer: Certificates['issuer']): Json {
  const { httpsPort, httpPort, statusPort, dynamicFile, acmeFile } = place;
  const redirection = { entryPoint: { to: 'websecure', scheme: 'https', permanent: true } };
  return {
    global: { checkNewVersion: false, sendAnonymousUsage: false },
    log: { level: 'WARN', format: 'json' },
    entryPoints: {
      web: { address: `:${httpPort}`, http: { redirections: redirection } },
      websecure: { address: `:${httpsPort}`, transport: { respondingTimeouts: { readTimeout } } },
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

/** Hosts that Traefik cannot serve by itself: a service asks for a login, or there is a page. */
export function needsCaddy(routes: readonly Route[]): ReadonlySet<string> {
  const needs = ({ login, target }: Route) => login !== null || target.kind === 'page';
  return new Set(routes.filter(needs).map(({ host }) => host));
}

/** The text of the file that Traefik watches. `revision` is what it says once it has taken it up. */
export function dynamicConfig(
  routes: readonly Route[],
  revision: string,
  behind: Behind,
  { automatic, given }: TraefikCertificates,
): string {
  const { authorityFile, port, hosts } = behind;
  const direct = routes.filter(({ host }) => !hosts.has(host));
  const routers = Object.fromEntries([
    ...[...hosts].map((host) => [`behind-${host}`, { rule: `Host(${quoted(host)})`, service: 'behind' }]),
    ...direct.map((route) => [route.id, routerJson(route)]),
    // It says so to whoever asks for a name that nobody has.
    ['nobody', { rule: 'PathPrefix("/")', priority: 1, service: 'behind' }],
  ]) as Record<string, Json>;
  const config = {
    http: {
      routers: {
        ...withTls(routers, automatic),
        revision: {
          entryPoints: ['status'],
          rule: `Path(${quoted(`/${revision}`)})`,
          service: 'ping@internal',
        },
      },
      services: {
        ...Object.fromEntries(direct.map(({ id, target }) => [id, serviceJson(target)])),
        behind: {
          loadBalancer: { servers: [{ url: `https://127.0.0.1:${port}` }], serversTransport: 'behind' },
        },
      },
      middlewares: {
        claims: { headers: { customRequestHeaders: toService } },
        retry: { retry: { attempts, initialInterval: '50ms' } },
      },
      serversTransports: {
        behind: {
          rootCAs: [authorityFile],
          serverName: behindName,
          disableHTTP2: true,
          forwardingTimeouts: { dialTimeout: '2s', idleConnTimeout: `${idleMs}ms` },
        },
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

function routerJson({ id, host, path }: Route): Json {
  return {
    rule: `Host(${quoted(host)}) && ${pathRuleText(path)}`,
    priority: Math.round(pathWeight(path) * 2 + 2),
    middlewares: ['claims', 'retry'],
    service: id,
  };
}

function serviceJson(target: Target): Json {
  const addresses = target.kind === 'upstreams' ? target.addresses : [];
  const servers = addresses.map((address) => ({ url: `http://${address}` }));
  return { loadBalancer: { servers, passHostHeader: true, serversTransport: 'service' } };
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
