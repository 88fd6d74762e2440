// Who is let in to a service, as a suite that runs over each ingress driver with the real proxy and the real gate.
import { everyPath } from '@playhouse/contract/compose/labels/path-rule';
import { beforeEach, expect, test } from 'vitest';
import { type Access, Gate } from './gate/gate.ts';
import type { Route } from './ingress-driver.ts';
import {
  type Ask,
  ask,
  type OpenFixture,
  sampleAccess,
  sampleLogin,
  sampleRoute,
  suiteGround,
} from './testing/ingress-ground.ts';
import { openSocket } from './testing/open-socket.ts';

const playground = 'a'.repeat(24);
const other = 'b'.repeat(24);
const host = 'private.localhost';
const cookieOf = (id: string) => `__Host-playhouse-${id}`;
const basic = (password: string) => `Basic ${Buffer.from(`playground:${password}`).toString('base64')}`;
const html = { accept: 'text/html,application/xhtml+xml' };

/** Registers the suite; `open` is called once, before the first test. */
export function describeIngressLogin(open: OpenFixture): void {
  const accesses = new Map<string, Access>();
  const gate = new Gate({
    playgroundsAt: (name) => (name === host ? [playground, other] : []),
    accessOf: (id) => accesses.get(id) ?? null,
    now: Date.now,
  });
  const { ground, fixture, apply } = suiteGround(open, gate);
  let echo: string;

  beforeEach(async () => {
    accesses.set(playground, sampleAccess());
    accesses.set(other, sampleAccess({ password: 'another', sessionKey: 'key 2', bypass: 'token 2' }));
    echo = await ground.serveEcho();
    await apply(route('private', echo));
  });

  /** A route that asks for the login of a playground. */
  const route = (id: string, address: string, of = playground, more: Partial<Route> = {}) =>
    sampleRoute(id, address, { login: sampleLogin(of, accesses.get(of) ?? sampleAccess()), ...more });
  const visit = async (path = '/', more: Ask = {}) =>
    await ask((await fixture()).httpsPort, host, { path, ...more });
  /** What reached the service. */
  const reached = async (headers: Record<string, string>, path = '/') => {
    const { status, body } = await visit(path, { headers });
    return { status, got: JSON.parse(body || '{}') as Record<string, string | undefined> };
  };
  const logIn = async (password: string, fields: Record<string, string> = {}, headers = {}) => {
    const body = new URLSearchParams({ playground, password, ...fields }).toString();
    const form = { 'content-type': 'application/x-www-form-urlencoded', ...headers };
    return await visit('/.playhouse/login', { method: 'POST', headers: form, body });
  };
  const sessionOf = ({ headers }: Awaited<ReturnType<typeof visit>>) =>
    headers['set-cookie']?.[0]?.split(';')[0] ?? '';

  test('programs are asked for Basic auth, and get nothing without it', async () => {
    const refused = await visit();
    expect(refused.status).toBe(401);
    expect(refused.headers['www-authenticate']).toContain('Basic');
    expect((await visit('/', { headers: { authorization: basic('wrong') } })).status).toBe(401);
    expect((await visit('/', { headers: { authorization: 'Bearer token' } })).status).toBe(401);
  });

  test('our password reaches the proxy and nobody else', async () => {
    const { status, got } = await reached({ authorization: basic('let me in'), cookie: 'a=1' });
    expect(status).toBe(200);
    expect(got['authorization']).toBeUndefined();
    expect(got['cookie']).toBe('a=1');
  });

  test('a browser gets a page to log in, and comes back to where it was going', async () => {
    const page = await visit('/shop?item="><script>', { headers: html });
    expect(page.status).toBe(401);
    expect(page.headers['www-authenticate']).not.toContain('Basic');
    expect(page.body).toContain('<form method="post"');
    expect(page.body).not.toContain('<script>');
    const answer = await logIn('let me in', { return: '/shop?item=3' }, { origin: `https://${host}` });
    expect([answer.status, answer.headers.location]).toEqual([303, '/shop?item=3']);
    const [cookie = ''] = answer.headers['set-cookie'] ?? [];
    expect(cookie).toMatch(/; Path=\/; Max-Age=604800; Secure; HttpOnly; SameSite=Lax$/);
  });

  test('in a session a service gets its own Authorization and cookies, and never ours', async () => {
    const session = sessionOf(await logIn('let me in'));
    const bearer = 'Bearer of its own';
    const { status, got } = await reached({ cookie: `a=1; ${session}; b=2`, authorization: bearer });
    expect([status, got['authorization'], got['cookie']]).toEqual([200, bearer, 'a=1; b=2']);
    expect((await reached({ cookie: `${session}; a=1` })).got['cookie']).toBe('a=1');
    expect((await reached({ cookie: `a=1; ${session}` })).got['cookie']).toBe('a=1');
    expect((await reached({ cookie: session })).got['cookie']).toBeUndefined();
    expect((await reached({ cookie: `${session}; ${session}; a=1` })).got['cookie']).toBe('a=1');
  });

  test('a password that comes along with a session or the token stays with the proxy', async () => {
    const cookie = sessionOf(await logIn('let me in'));
    for (const known of [{ cookie }, { 'x-playhouse-bypass': 'token 1' }]) {
      for (const ours of [basic('let me in'), basic('let me in').replace('Basic', 'basic ')]) {
        const { status, got } = await reached({ ...known, authorization: ours });
        expect([status, got['authorization']]).toEqual([200, undefined]);
      }
      const own = basic('of the service');
      expect((await reached({ ...known, authorization: own })).got['authorization']).toBe(own);
    }
  });

  test('no session is let in that would not be taken out of the request', async () => {
    const session = sessionOf(await logIn('let me in'));
    for (const cookie of [`a=1,${session}`, `a=1 ${session}`, `${session},a=1`])
      expect((await visit('/', { headers: { cookie } })).status).toBe(401);
    for (const cookie of [`a=1;;${session} ;`, `;${session}`, `a=1;\t${session}`]) {
      const { status, got } = await reached({ cookie });
      expect([status, got['cookie']?.includes('__Host-') ?? false]).toEqual([200, false]);
    }
  });

  test('a wrong password is told so, a form of another site is refused, a session that is none gets nothing', async () => {
    const wrong = await logIn('wrong');
    expect([wrong.status, wrong.headers['set-cookie']]).toEqual([401, undefined]);
    expect(wrong.body).toContain('not the password');
    expect((await logIn('let me in', {}, { origin: 'https://evil.example' })).status).toBe(403);
    const session = sessionOf(await logIn('let me in'));
    const forged = [
      `${session}x`,
      `x${session}`,
      session.slice(0, -1),
      `${cookieOf(playground)}=`,
      session.replace(playground, other),
    ];
    for (const cookie of forged) expect((await visit('/', { headers: { cookie } })).status).toBe(401);
  });

  test('another password ends sessions at once', async () => {
    const session = sessionOf(await logIn('let me in'));
    expect((await visit('/', { headers: { cookie: session } })).status).toBe(200);
    accesses.set(playground, sampleAccess({ password: 'new', sessionKey: 'key 3' }));
    await apply(route('private', echo));
    expect((await visit('/', { headers: { cookie: session } })).status).toBe(401);
    expect((await visit('/', { headers: { authorization: basic('let me in') } })).status).toBe(401);
    expect((await visit('/', { headers: { authorization: basic('new') } })).status).toBe(200);
  });

  test('whoever logs out has to log in again', async () => {
    const session = sessionOf(await logIn('let me in'));
    const shown = await visit('/.playhouse/login', { headers: { cookie: session } });
    expect(shown.body).toContain('Log out');
    const body = new URLSearchParams({ playground }).toString();
    const answer = await visit('/.playhouse/logout', { method: 'POST', headers: { cookie: session }, body });
    expect(answer.status).toBe(303);
    expect(answer.headers['set-cookie']?.[0]).toContain(`${cookieOf(playground)}=; Path=/; Max-Age=0`);
  });

  test('the bypass token lets programs in; in an address it becomes a session and leaves it', async () => {
    const { status, got } = await reached({ 'x-playhouse-bypass': 'token 1', authorization: 'Bearer x' });
    expect([status, got['authorization'], got['x-playhouse-bypass']]).toEqual([200, 'Bearer x', undefined]);
    expect((await visit('/', { headers: { 'x-playhouse-bypass': 'token 2' } })).status).toBe(401);
    const address = await visit('/a?x-playhouse-bypass=token%201&b=c', { headers: html });
    const location = new URL(address.headers.location ?? '', `https://${host}`).href;
    expect([address.status, location]).toEqual([303, `https://${host}/a?b=c`]);
    expect((await visit('/', { headers: { cookie: sessionOf(address) } })).status).toBe(200);
    expect((await visit('/?x-playhouse-bypass=wrong')).status).toBe(401);
    accesses.set(playground, sampleAccess({ bypass: 'token 3' }));
    await apply(route('private', echo));
    expect((await visit('/', { headers: { cookie: sessionOf(address) } })).status).toBe(401);
    expect((await visit('/', { headers: { 'x-playhouse-bypass': 'token 1' } })).status).toBe(401);
  });

  test('no header of a client makes it another playground’s, or the gate’s own', async () => {
    const session = sessionOf(await logIn('another', { playground: other }));
    expect(session).toContain(other);
    const headers = { ...html, cookie: session, 'x-playhouse-playground': other };
    const page = await visit('/', { headers });
    expect([page.status, page.body.includes(playground)]).toEqual([401, true]);
    const token = { ...html, 'x-playhouse-playground': other };
    expect((await visit('/?x-playhouse-bypass=token%202', { headers: token })).status).toBe(401);
  });

  test('a public service on the same host is open, and gets no cookie of ours', async () => {
    const path = { kind: 'prefix', value: '/open' } as const;
    await apply(route('private', echo), sampleRoute('open', echo, { host, path }));
    const session = sessionOf(await logIn('let me in'));
    const { status, got } = await reached({ cookie: `a=1; ${session}` }, '/open');
    expect([status, got['cookie']]).toEqual([200, 'a=1']);
    expect((await visit('/opened')).status).toBe(200);
    expect((await visit('/')).status).toBe(401);
  });

  test('of two playgrounds at a host each lets in its own', async () => {
    const path = { kind: 'prefix', value: '/two' } as const;
    await apply(
      route('private', echo, playground, { path: everyPath }),
      route('two', echo, other, { host, path }),
    );
    const one = sessionOf(await logIn('let me in'));
    const two = sessionOf(await logIn('another', { playground: other }));
    const status = async (at: string, cookie: string) => (await visit(at, { headers: { cookie } })).status;
    expect([await status('/', one), await status('/two', one)]).toEqual([200, 401]);
    expect([await status('/', two), await status('/two', two)]).toEqual([401, 200]);
    expect((await reached({ cookie: `${one}; ${two}` }, '/two')).got['cookie']).toBeUndefined();
  });

  test('a WebSocket is let in with a session, and not without', async () => {
    await apply(route('private', await ground.serveSockets()));
    const { httpsPort } = await fixture();
    await expect(openSocket(httpsPort, host)).rejects.toThrow('401');
    const cookie = sessionOf(await logIn('let me in'));
    const socket = await openSocket(httpsPort, host, { cookie, origin: `https://${host}` });
    expect(await socket.say('hello')).toBe('heard hello');
    socket.close();
  });

  test('a page in place of a service is for those who are let in, too', async () => {
    const target = { kind: 'page', status: 503, title: 'web is not healthy', text: 'secret' } as const;
    await apply(route('private', '', playground, { target }));
    expect((await visit('/', { headers: html })).body).not.toContain('secret');
    const inside = await visit('/', { headers: { authorization: basic('let me in') } });
    expect([inside.status, inside.body.includes('secret')]).toEqual([503, true]);
  });

  test('without an engine password, sessions, token and pages hold, and nobody gets in without', async () => {
    const address = await visit('/?x-playhouse-bypass=token%201', { headers: html });
    const sessions = [sessionOf(await logIn('let me in')), sessionOf(address)];
    (await fixture()).leaveGate();
    const known: Record<string, string>[] = [
      { authorization: basic('let me in') },
      { 'x-playhouse-bypass': 'token 1' },
      ...sessions.map((cookie) => ({ cookie })),
    ];
    for (const headers of known) expect((await reached(headers)).status).toBe(200);
    const tries: Record<string, string>[] = [
      {},
      html,
      { authorization: basic('wrong') },
      { cookie: `${sessions[0]}x` },
      { 'x-playhouse-bypass': 'wrong' },
      { ...html, cookie: `${cookieOf(playground)}=x` },
    ];
    for (const headers of tries)
      for (const path of ['/', '/?x-playhouse-bypass=token%201']) {
        const { status, body } = await visit(path, { headers });
        expect(status).toBe(401);
        expect(body).not.toContain('user-agent');
      }
    expect((await visit('/.playhouse/login', { headers: html })).status).toBe(503);
    await apply(route('private', echo));
    expect((await logIn('let me in')).status).toBe(303);
  });

  test('guesses are counted by the client that makes them, whatever it says of itself', async () => {
    const guess = async (client: string, saysToBe: string) => {
      const body = new URLSearchParams({ playground: other, password: 'wrong' }).toString();
      const form = { 'content-type': 'application/x-www-form-urlencoded', 'x-forwarded-for': saysToBe };
      return (await visit('/.playhouse/login', { method: 'POST', headers: form, body, client })).status;
    };
    for (let count = 0; count < 10; count++)
      expect(await guess('127.0.0.2', `198.51.100.${count}`)).toBe(401);
    expect(await guess('127.0.0.2', '198.51.100.99')).toBe(429);
    expect(await guess('127.0.0.3', '127.0.0.2')).toBe(401);
  });
}
