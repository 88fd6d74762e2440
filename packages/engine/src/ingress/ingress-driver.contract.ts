// What every ingress driver must do, as a suite that runs over each of them with the real proxy.
import { get } from 'node:http';
import { request } from 'node:https';
import { parsePathRule, type PathRule, everyPath } from '@playhouse/contract/compose/labels/path-rule';
import { expect, test } from 'vitest';
import { Gate } from './gate/gate.ts';
import { killAndWait } from '../system/process-identity.ts';
import { type Ask, ask, type OpenFixture, sampleRoute, suiteGround } from './testing/ingress-ground.ts';
import { SteadyClient } from './testing/steady-client.ts';
import { openSocket } from './testing/open-socket.ts';

const page = { kind: 'page', status: 503, title: 'there', text: '' } as const;

/** Registers the suite; `open` is called once, before the first test. */
export function describeIngressDriver(open: OpenFixture): void {
  const gate = new Gate({ playgroundsAt: () => [], accessOf: () => null, now: Date.now });
  const { ground, fixture, apply } = suiteGround(open, gate);
  const serve = ground.serve.bind(ground);
  const route = sampleRoute;
  const visit = async (host: string, path = '/', more: Ask = {}) => {
    const { status, body } = await ask((await fixture()).httpsPort, host, { path, ...more });
    return { status, body };
  };

  test('a route leads to its service over HTTPS, others are not touched by it', async () => {
    const [one, two] = [await serve('one'), await serve('two')];
    await apply(route('one', one), route('two', two));
    expect(await visit('one.localhost')).toEqual({ status: 200, body: 'one' });
    expect(await visit('two.localhost')).toEqual({ status: 200, body: 'two' });
    await apply(route('two', one));
    expect(await visit('two.localhost')).toEqual({ status: 200, body: 'one' });
  });

  test('the domain itself may have a service, beside its subdomains', async () => {
    const [apex, sub] = [await serve('apex'), await serve('sub')];
    await apply(
      route('apex', apex, { host: 'play.example.org' }),
      route('sub', sub, { host: 'web-shop.play.example.org' }),
      route('local', apex, { host: 'localhost' }),
    );
    expect((await visit('play.example.org')).body).toBe('apex');
    expect((await visit('web-shop.play.example.org')).body).toBe('sub');
    expect((await visit('localhost')).body).toBe('apex');
  });

  test('whoever comes without TLS is led to the same address with it', async () => {
    const { httpPort } = await fixture();
    await apply(route('one', await serve('one')));
    const location = await new Promise<unknown>((resolve, reject) => {
      const options = {
        host: '127.0.0.1',
        port: httpPort,
        path: '/a?b=c',
        headers: { host: 'one.localhost' },
      };
      get(options, ({ statusCode, headers }) => resolve([statusCode, headers.location])).on('error', reject);
    });
    expect(location).toEqual([
      expect.toSatisfy((status: number) => status === 301 || status === 308),
      expect.stringMatching(/^https:\/\/one\.localhost(:\d+)?\/a\?b=c$/),
    ]);
  });

  test('the longer path counts, and rules may be put together', async () => {
    const [site, api, exact, both] = [
      await serve('site'),
      await serve('api'),
      await serve('exact'),
      await serve('both'),
    ];
    const rule = (text: string): PathRule => parsePathRule(text) ?? everyPath;
    const host = 'paths.localhost';
    await apply(
      route('site', site, { host }),
      route('api', api, { host, path: rule('/api') }),
      route('exact', exact, { host, path: rule('Path(`/api/health`)') }),
      route('both', both, { host, path: rule('PathPrefix(`/files`) && !PathRegexp(`\\.png$`)') }),
      route('any', both, { host, path: rule('Path(`/one`) || PathRegexp(`^/t[wx]o{1,2}$`)') }),
    );
    const said = async (path: string) => (await visit(host, path)).body;
    expect(await said('/')).toBe('site');
    expect(await said('/ap')).toBe('site');
    expect(await said('/api')).toBe('api');
    expect(await said('/api/items')).toBe('api');
    expect(await said('/api/health')).toBe('exact');
    expect(await said('/files/a.txt')).toBe('both');
    expect(await said('/files/a.png')).toBe('site');
    expect(await said('/one')).toBe('both');
    expect(await said('/two')).toBe('both');
    expect(await said('/three')).toBe('site');
  });

  test('paths are told apart by upper and lower case, and mean what they say', async () => {
    const [site, admin, odd] = [await serve('site'), await serve('admin'), await serve('odd')];
    const rule = (text: string): PathRule => parsePathRule(text) ?? everyPath;
    const host = 'case.localhost';
    await apply(
      route('site', site, { host }),
      route('admin', admin, { host, path: rule('/Admin') }),
      route('odd', odd, { host, path: rule('Path(`/x[1].a+b$`)') }),
    );
    const said = async (path: string) => (await visit(host, path)).body;
    expect([await said('/Admin/a'), await said('/admin/a'), await said('/ADMIN')]).toEqual([
      'admin',
      'site',
      'site',
    ]);
    expect([await said('/x[1].a+b$'), await said('/x1.a+b$'), await said('/x[1]zaab')]).toEqual([
      'odd',
      'site',
      'site',
    ]);
  });

  test('what a client says of itself no service takes for the proxy’s word, and the token for programs reaches none', async () => {
    await apply(route('claims', await ground.serveEcho()));
    const claims: Record<string, string> = { 'x-playhouse-bypass': 'token' };
    for (const name of ['for', 'host', 'proto', 'port', 'prefix', 'server', 'user', 'ssl'])
      claims[`x-forwarded-${name}`] = 'claimed';
    for (const name of ['forwarded', 'x-real-ip']) claims[name] = 'claimed';
    const hop = { ...claims, connection: 'close, x-forwarded-for, x-forwarded-host, x-forwarded-proto' };
    const upgrade = { ...claims, connection: 'upgrade', upgrade: 'websocket' };
    for (const headers of [claims, hop, upgrade]) {
      const got = JSON.parse((await visit('claims.localhost', '/', { headers })).body) as typeof claims;
      expect(Object.keys(got).filter((name) => got[name] === 'claimed')).toEqual([]);
      expect(got).toMatchObject({
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-host': 'claims.localhost',
        'x-forwarded-proto': 'https',
      });
      expect(got['x-playhouse-bypass']).toBeUndefined();
    }
  });

  test('a page says what there is instead of a service, and nothing of it is taken for HTML or filled in', async () => {
    const text = 'It said: <script> {http.request.uri} {env.HOME} {{ env "HOME" }} ${HOME}';
    const target = {
      kind: 'page',
      status: 503,
      title: 'web is not healthy',
      text,
      said: text,
      again: 7,
    } as const;
    await apply({ ...route('page', ''), target });
    const see = async (accept: string) =>
      await ask((await fixture()).httpsPort, 'page.localhost', { headers: { accept } });
    const { status, body, headers } = await see('text/html,application/json');
    expect(status).toBe(503);
    expect(headers['retry-after']).toBe('7');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(body).toContain('web is not healthy');
    const shown = body.replaceAll('&#123;', '{').replaceAll('&#125;', '}').replaceAll('&quot;', '"');
    expect(shown).toContain(`<pre tabindex="0">${text.replace('<script>', '&lt;script&gt;')}</pre>`);
    const program = await see('application/json');
    expect([program.status, program.headers['retry-after']]).toEqual([503, '7']);
    expect(JSON.parse(program.body)).toEqual({
      ...{ status: 503, title: 'web is not healthy', text, said: text, againSeconds: 7 },
    });
  });

  test('an address that nobody has gets a page that says so', async () => {
    await apply(route('somebody', await serve('here')));
    const answer = await visit('somebody.localhost', '/', { headers: { host: 'nobody.localhost' } });
    expect(answer.status).toBe(404);
    expect(answer.body).toContain('nothing at this address');
  });

  test('among many hosts each is found, and a path that none of its services has', async () => {
    const address = await ground.serve(({ headers }, response) => void response.end(headers.host));
    const path = { kind: 'prefix', value: '/only' } as const;
    const many = Array.from({ length: 40 }, (_, index) => route(`many${index}`, address));
    await apply(...many, route('partly', address, { path }));
    for (const { host } of many) expect(await visit(host)).toEqual({ status: 200, body: host });
    expect((await visit('partly.localhost', '/only/this')).body).toBe('partly.localhost');
    expect((await visit('partly.localhost', '/')).status).toBe(404);
  });

  test('a service that does not answer is said not to', async () => {
    const silent = await serve((incoming) => void incoming.socket.destroy());
    await apply(route('silent', silent));
    expect((await visit('silent.localhost')).status).toBe(502);
  });

  test('of several containers one that does not accept connections is passed over', async () => {
    const target = { kind: 'upstreams', addresses: ['127.0.0.1:1', await serve('the other')] } as const;
    await apply({ ...route('several', ''), target });
    const answers = await Promise.all(
      Array.from({ length: 6 }, async () => await visit('several.localhost')),
    );
    expect(answers).toEqual(answers.map(() => ({ status: 200, body: 'the other' })));
  });

  test('WebSockets are let through, and live on when another engine says what is known', async () => {
    const { httpsPort, anotherDriver } = await fixture();
    const sockets = route('sockets', await ground.serveSockets());
    await apply(sockets);
    const socket = await openSocket(httpsPort, 'sockets.localhost');
    expect(await socket.say('hello')).toBe('heard hello');
    await anotherDriver().apply([sockets]);
    expect(await socket.say('again')).toBe('heard again');
    socket.close();
  });

  test('what a service says step by step arrives step by step', async () => {
    const more = Promise.withResolvers<void>();
    const address = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: first\n\n');
      void more.promise.then(() => response.end('data: last\n\n'));
    });
    await apply(route('events', address));
    const { httpsPort: port } = await fixture();
    const servername = 'events.localhost';
    const options = { host: '127.0.0.1', port, servername, rejectUnauthorized: false, agent: false };
    const said = await new Promise<string>((resolve, reject) => {
      const asked = request({ ...options, headers: { host: servername } }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => {
          text += chunk.toString();
          // Only once the first arrived is there a last.
          more.resolve();
        });
        response.on('end', () => resolve(text));
      });
      asked.on('error', reject);
      asked.end();
    });
    expect(said).toBe('data: first\n\ndata: last\n\n');
  });

  test('no request is lost while routes change', async () => {
    const { driver } = await fixture();
    const address = await serve((_request, response) => void setTimeout(() => response.end('slow'), 150));
    await apply(route('steady', address));
    const asking = Array.from({ length: 10 }, async () => (await visit('steady.localhost')).status);
    for (let count = 0; count < 3; count++)
      await driver.apply([route('steady', address), route(`other${count}`, address)]);
    expect(await Promise.all(asking)).toEqual(Array.from({ length: 10 }, () => 200));
  });

  test('connections that are kept open and in use see no request fail while routes change', async () => {
    const { driver, httpsPort } = await fixture();
    const address = await serve('well');
    await apply(route('kept', address));
    const asking = new SteadyClient(httpsPort, 'kept.localhost');
    for (let count = 0; count < 8; count++)
      await driver.apply([route('kept', address), route(`other${count}`, address)]);
    expect(await asking.end()).toEqual({ answers: new Set([200]), failures: [] });
  });

  test('of changes that are asked for at once the last one holds', async () => {
    const { driver } = await fixture();
    const addresses = await Promise.all(['one', 'two', 'three'].map(async (text) => await serve(text)));
    await apply(route('latest', addresses[0] ?? ''));
    await Promise.all(addresses.map(async (address) => await driver.apply([route('latest', address)])));
    expect((await visit('latest.localhost')).body).toBe('three');
  });

  test('what was told last holds for an engine that comes later', async () => {
    const { anotherDriver } = await fixture();
    const address = await serve('still here');
    await apply(route('kept', address));
    const later = anotherDriver();
    expect((await visit('kept.localhost')).body).toBe('still here');
    await later.apply([route('kept', address), route('new', address)]);
    await later.certify(['kept.localhost', 'new.localhost']);
    expect((await visit('new.localhost')).body).toBe('still here');
  });

  test('it says whether it runs, and begins anew where it was killed', async () => {
    const { driver, processes } = await fixture();
    const address = await serve('alive');
    await driver.stop();
    expect(driver.alive).toBe(false);
    await apply(route('alive', address), { ...route('page', ''), target: page });
    expect(driver.alive).toBe(true);
    for (const each of processes()) {
      await killAndWait(each);
      expect(driver.alive).toBe(false);
      await apply(route('alive', address), { ...route('page', ''), target: page });
      expect(driver.alive).toBe(true);
      expect((await visit('alive.localhost')).body).toBe('alive');
      expect((await visit('page.localhost')).body).toContain('there');
    }
  });

  test('stopping is silent when nothing runs, and it can be started again', async () => {
    const { driver } = await fixture();
    const address = await serve('again');
    await driver.stop();
    await driver.stop();
    await apply(route('again', address));
    expect((await visit('again.localhost')).body).toBe('again');
  });
}
