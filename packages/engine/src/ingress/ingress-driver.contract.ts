// What every ingress driver must do, as a suite that runs over each of them with the real proxy.
import { createServer, type RequestListener, type Server } from 'node:http';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { hash } from 'bcryptjs';
import { afterAll, expect, test } from 'vitest';
import { everyPath, parsePathRule, type PathRule } from '@playhouse/contract/compose/labels/path-rule';
import type { IngressDriver, Route } from './ingress-driver.ts';

export interface IngressFixture {
  readonly driver: IngressDriver;
  /** Another driver on the same proxy, as a restarted engine would make it. */
  readonly anotherDriver: () => IngressDriver;
  readonly httpsPort: number;
  /** Removes what the fixture has on disk, after the proxy has ended. */
  readonly remove: () => Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Registers the suite; `open` is called once, before the first test. */
export function describeIngressDriver(open: () => Promise<IngressFixture>): void {
  let opened: Promise<IngressFixture> | undefined;
  const fixture = async () => await (opened ??= open());
  const servers: Server[] = [];
  afterAll(async () => {
    for (const server of servers) server.close();
    if (!opened) return;
    const { driver, remove } = await opened;
    await driver.stop();
    await remove();
  });

  /** A service that answers, by its address. */
  const serve = async (answer: RequestListener | string): Promise<string> => {
    const listener: RequestListener =
      typeof answer === 'string' ? (_request, response) => void response.end(answer) : answer;
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  };

  const ask = async (host: string, path = '/', headers: Record<string, string> = {}): Promise<Answer> => {
    const { httpsPort: port } = await fixture();
    return await new Promise((resolve, reject) => {
      const options = {
        host: '127.0.0.1',
        port,
        path,
        servername: host,
        rejectUnauthorized: false,
        agent: false,
      };
      const asked = request({ ...options, headers: { host, ...headers } }, (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => (body += chunk.toString()));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      });
      asked.on('error', reject);
      asked.end();
    });
  };

  const route = (id: string, address: string, more: Partial<Route> = {}): Route => ({
    id,
    host: `${id}.localhost`,
    path: everyPath,
    target: { kind: 'upstreams', addresses: [address] },
    login: null,
    ...more,
  });

  test('a route leads to its service over HTTPS, others are not touched by it', async () => {
    const { driver } = await fixture();
    const [one, two] = [await serve('one'), await serve('two')];
    await driver.apply([route('one', one), route('two', two)]);
    expect(await ask('one.localhost')).toEqual({ status: 200, body: 'one' });
    expect(await ask('two.localhost')).toEqual({ status: 200, body: 'two' });
    await driver.apply([route('two', one)]);
    expect(await ask('two.localhost')).toEqual({ status: 200, body: 'one' });
  });

  test('the longer path counts, and rules may be put together', async () => {
    const { driver } = await fixture();
    const [site, api, exact, both] = [
      await serve('site'),
      await serve('api'),
      await serve('exact'),
      await serve('both'),
    ];
    const rule = (text: string): PathRule => parsePathRule(text) ?? everyPath;
    const host = 'paths.localhost';
    await driver.apply([
      route('site', site, { host }),
      route('api', api, { host, path: rule('/api') }),
      route('exact', exact, { host, path: rule('Path(`/api/health`)') }),
      route('both', both, { host, path: rule('PathPrefix(`/files`) && !PathRegexp(`\\.png$`)') }),
    ]);
    const said = async (path: string) => (await ask(host, path)).body;
    expect(await said('/')).toBe('site');
    expect(await said('/ap')).toBe('site');
    expect(await said('/api')).toBe('api');
    expect(await said('/api/items')).toBe('api');
    expect(await said('/api/health')).toBe('exact');
    expect(await said('/files/a.txt')).toBe('both');
    expect(await said('/files/a.png')).toBe('site');
  });

  test('who is not logged in gets nothing of a protected service', async () => {
    const { driver } = await fixture();
    const login = { user: 'playground', passwordHash: await hash('let me in', 4) };
    await driver.apply([route('private', await serve('inside'), { login })]);
    const as = (password: string) => ({
      authorization: `Basic ${Buffer.from(`playground:${password}`).toString('base64')}`,
    });
    expect((await ask('private.localhost')).status).toBe(401);
    expect((await ask('private.localhost', '/', as('wrong'))).status).toBe(401);
    expect(await ask('private.localhost', '/', as('let me in'))).toEqual({ status: 200, body: 'inside' });
  });

  test('a page says what there is instead of a service, and nothing of it is taken for HTML', async () => {
    const { driver } = await fixture();
    const target = {
      kind: 'page',
      status: 503,
      title: 'web is not healthy',
      text: 'It said: <script>',
    } as const;
    await driver.apply([{ ...route('page', ''), target }]);
    const { status, body } = await ask('page.localhost');
    expect(status).toBe(503);
    expect(body).toContain('web is not healthy');
    expect(body).toContain('&lt;script&gt;');
  });

  test('an address that nobody has gets a page that says so', async () => {
    const { driver } = await fixture();
    await driver.apply([route('somebody', await serve('here'))]);
    const answer = await ask('somebody.localhost', '/', { host: 'nobody.localhost' });
    expect(answer.status).toBe(404);
    expect(answer.body).toContain('nothing at this address');
  });

  test('no request is lost while routes change', async () => {
    const { driver } = await fixture();
    const address = await serve((_request, response) => void setTimeout(() => response.end('slow'), 150));
    await driver.apply([route('steady', address)]);
    const asking = Array.from({ length: 10 }, async () => (await ask('steady.localhost')).status);
    for (let count = 0; count < 3; count++)
      await driver.apply([route('steady', address), route(`other${count}`, address)]);
    expect(await Promise.all(asking)).toEqual(Array.from({ length: 10 }, () => 200));
  });

  test('what was told last holds for an engine that comes later', async () => {
    const { driver, anotherDriver } = await fixture();
    const address = await serve('still here');
    await driver.apply([route('kept', address)]);
    const later = anotherDriver();
    expect((await ask('kept.localhost')).body).toBe('still here');
    await later.apply([route('kept', address), route('new', address)]);
    expect((await ask('new.localhost')).body).toBe('still here');
  });

  test('stopping is silent when nothing runs, and it can be started again', async () => {
    const { driver } = await fixture();
    const address = await serve('again');
    await driver.stop();
    await driver.stop();
    await driver.apply([route('again', address)]);
    expect((await ask('again.localhost')).body).toBe('again');
  });
}
