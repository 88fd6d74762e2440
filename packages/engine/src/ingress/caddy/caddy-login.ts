// How Caddy lets people in to an internal service. It knows all that lets somebody in and asks nobody: sessions and passwords hold
// while no engine runs. Only those who are still to log in are sent to the gate.
import type { Login } from '../ingress-driver.ts';
import { basicChallenge } from '../gate/gate.ts';
import { playgroundHeader } from '../gate/gate-server.ts';
import { bypassName, gatePath } from '../gate/return-path.ts';
import { cookieName, cookiePattern } from '../gate/session.ts';
import { answerJson, clientAsTold, type Json, pageJson } from './caddy-json.ts';

/** Where those are sent who are still to log in. */
export interface CaddyGate {
  readonly socket: string;
  /** True when requests come by way of another proxy. */
  readonly behind: boolean;
}

/** What lets a request through to `target`, or turns it away. */
export function guarded(login: Login, target: readonly Json[], at: CaddyGate): Json {
  const challenge = { 'WWW-Authenticate': basicChallenge, 'Cache-Control': 'no-store' };
  // With nobody at the gate, whoever knows the password can say it all the same.
  const gate = toGate(at, login.playground, answerJson(401, challenge));
  const routes: readonly Json[] = [
    // A token in the address becomes a cookie, and leaves the address before the service sees it.
    { match: [{ query: { [bypassName]: ['*'] } }], handle: [gate] },
    {
      match: [
        { header_regexp: { Cookie: { pattern: sessionPattern(login) } } },
        { header: { [bypassName]: [login.bypass] } },
      ],
      handle: [...withoutOurs(), withoutPassword(login), ...target],
    },
    { match: [{ header: { Accept: ['*text/html*'], Authorization: null } }], handle: [gate] },
    { handle: [basicAuth(login), ...withoutOurs(['Authorization']), ...target] },
  ];
  return { handler: 'subroute', routes: routes.map((route) => ({ ...route, terminal: true })) };
}

/** The gate’s own addresses at a host that has a login. */
export function gateRoute(host: string, at: CaddyGate): Json {
  const away = {
    status: 503,
    title: 'The login is away for a moment',
    text: 'Sessions that have begun go on.',
    again: 3,
  };
  return {
    match: [{ host: [host], path: [`${gatePath}*`] }],
    handle: [toGate(at, '', pageJson(away))],
    terminal: true,
  };
}

/** Takes what is the gate’s away from a request, and headers besides. */
export function withoutOurs(headers: readonly string[] = []): readonly Json[] {
  const replace = {
    Cookie: [
      { search_regexp: `^(?:${cookiePattern}=[^;]*(?:;\\s*|$))+`, replace: '' },
      { search_regexp: `;\\s*${cookiePattern}=[^;]*`, replace: '' },
    ],
  };
  const noCookie = { handler: 'headers', request: { delete: ['Cookie'] } };
  const nothingLeft = { not: [{ header_regexp: { Cookie: { pattern: '.' } } }] };
  return [
    { handler: 'headers', request: { delete: [bypassName, ...headers], replace } },
    { handler: 'subroute', routes: [{ match: [nothingLeft], handle: [noCookie] }] },
  ];
}

/** A browser that once sent our password goes on to send it in a session, too. What is of the service is left to it. */
function withoutPassword({ user, password }: Login): Json {
  const credentials = Buffer.from(`${user}:${password}`).toString('base64');
  const ours = { Authorization: { pattern: String.raw`(?i:^\s*basic)\s+\Q${credentials}\E\s*$` } };
  const handle = [{ handler: 'headers', request: { delete: ['Authorization'] } }];
  return { handler: 'subroute', routes: [{ match: [{ header_regexp: ours }], handle }] };
}

/** A `Cookie` header in which one of the sessions is. */
function sessionPattern({ playground, sessions }: Login): string {
  // As strictly as cookies are taken out again: what is let in must not reach the service.
  return `(?:^|;)\\s*${cookieName(playground)}=(?:${sessions.join('|')})\\s*(?:;|$)`;
}

function basicAuth({ user, passwordHash }: Login): Json {
  const accounts = [{ username: user, password: Buffer.from(passwordHash).toString('base64') }];
  return {
    handler: 'authentication',
    providers: {
      // bcrypt is slow on purpose; once per login is enough.
      http_basic: { hash: { algorithm: 'bcrypt' }, accounts, realm: 'playground', hash_cache: {} },
    },
  };
}

/** Hands a request to the gate; `away` is what is answered when nobody is there. */
function toGate({ socket, behind }: CaddyGate, playground: string, away: Json): Json {
  const proxy = {
    handler: 'reverse_proxy',
    upstreams: [{ dial: `unix/${socket}` }],
    transport: { protocol: 'http', dial_timeout: '2s', response_header_timeout: '10s' },
    headers: { request: { set: { [playgroundHeader]: [playground], ...(behind ? clientAsTold : {}) } } },
  };
  const errors = { routes: [{ handle: [away] }] };
  return { handler: 'subroute', routes: [{ handle: [proxy] }], errors };
}
