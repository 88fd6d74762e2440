// What the command says of playgrounds of Compose services.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sampleService } from '@playhouse/contract/compose/testing/sample-service';
import type { Playground } from '@playhouse/contract/playground';
import type { Service } from '@playhouse/contract/service';
import { afterEach, expect, test } from 'vitest';
import { type FakeApi, type FakeRequest, type FakeRoutes, startFakeApi } from '../testing/fake-api.ts';
import { type CliResult, runCli } from '../testing/run-cli.ts';
import { sampleOperation, samplePlayground } from '../testing/samples.ts';

let api: FakeApi | null = null;
const home = mkdtempSync(join(tmpdir(), 'playhouse-cli-'));

afterEach(async () => {
  await api?.close();
  api = null;
  rmSync(home, { recursive: true, force: true });
});

async function cli(routes: FakeRoutes, line: string): Promise<CliResult> {
  api = await startFakeApi(routes);
  return runCli(line.split(' '), api.endpoint, { home });
}

const web = sampleService({
  ...{
    kind: 'dynamic',
    image: 'playhouse.internal/web:1',
    url: 'https://web-shop.localhost',
    visibility: 'internal',
  },
  ...{ branch: 'main', commit: '0123456789abcdef0123456789abcdef01234567', dirty: true },
});
const database = sampleService({ name: 'db', image: 'postgres:17' });

function shop(...services: Service[]): Playground {
  return { ...samplePlayground, kind: 'compose', number: 44, name: 'pg-44-shop', machines: [], services };
}

function routesOf(playground: Playground): FakeRoutes {
  const accepted = () => ({ playground, operation: sampleOperation, notes: [] });
  return {
    'playground.start': accepted,
    'playground.restart': accepted,
    'playground.retry': accepted,
    'playground.get': () => ({ playground }),
    'operation.get': () => ({ operation: sampleOperation }),
  };
}

test.each(['start shop', 'restart 44', 'retry 44'])('%s shows services and how to log in', async (words) => {
  const { stdout, status } = await cli(routesOf(shop(web, database)), `playground ${words}`);
  expect({ stdout, status }).toMatchSnapshot();
});

test('of a playground that is kept after its time it is said for whose work', async () => {
  const over = { ...shop({ ...web, kept: 'changes' }, database), expiresAt: '2020-01-01T00:00:00.000Z' };
  const { stdout } = await cli(routesOf({ ...over, onExpiry: 'destroy' }), 'playground show 44');
  expect(stdout).toMatch(/Expires: +now, but it is kept: service web has changes that were not committed\n/);
  await api?.close();
  const stopped = await cli(routesOf({ ...over, onExpiry: 'stop' }), 'playground show 44');
  expect(stopped.stdout).toMatch(/Expires: +now, then it is stopped\n/);
});

test('nobody is told of a password when no service asks for it', async () => {
  const { stdout } = await cli(
    routesOf(shop({ ...web, visibility: 'external' }, database)),
    'playground restart 44',
  );
  expect(stdout).toContain('external');
  expect(stdout).not.toContain('playground password');
});

test('what was wished for the services reaches the server', async () => {
  const seen: FakeRequest[] = [];
  const playground = shop(web);
  const start = (request: FakeRequest) => {
    seen.push(request);
    return { playground, operation: sampleOperation, notes: [] };
  };
  const options =
    '--variable A=b --branch web=try-it:main --production web --development db --subdomain web=try';
  await cli({ ...routesOf(playground), 'playground.start': start }, `playground start shop ${options}`);
  expect(seen.map(({ body }) => body)).toMatchObject([
    {
      variables: { A: 'b' },
      services: {
        web: { branch: 'try-it', newFrom: 'main', production: true, subdomain: 'try' },
        db: { production: false },
      },
    },
  ]);
});

test('a wish of another form is a usage error, and nothing is started', async () => {
  const { status, stderr } = await cli({}, 'playground start shop --branch web');
  expect(status).toBe(2);
  expect(stderr).toContain('--branch takes SERVICE=BRANCH or SERVICE=NEW:FROM, not `web`.');
});

test('playground show tells exit codes and what health checks said', async () => {
  const sick: Service = { ...web, state: 'unhealthy', healthOutput: 'connection refused' };
  const ended: Service = { ...database, name: 'seed', state: 'done', exitCode: 0 };
  const broken: Service = { ...database, name: 'mail', state: 'failed', exitCode: 3, image: null };
  const { stdout } = await cli(routesOf(shop(sick, ended, broken)), 'playground show 44');
  expect(stdout).toMatchSnapshot();
});

test('playground list has the kinds once there is one of services', async () => {
  const mixed = { playgrounds: [shop(web, { ...database, state: 'failed', exitCode: 1 }), samplePlayground] };
  expect((await cli({ 'playground.list': () => mixed }, 'playground list')).stdout).toMatchSnapshot();
});

test('one that was stopped can be taken up again, but for a job', async () => {
  const stop = async (playground: Playground) => {
    await api?.close();
    const answer = () => ({ playground, operation: sampleOperation });
    return (await cli({ ...routesOf(playground), 'playground.stop': answer }, 'playground stop 44')).stdout;
  };
  expect(await stop(shop(web))).toContain('Take it up again: playhouse playground restart 44\n');
  const said = await stop(shop({ ...web, watched: true }));
  expect(said).toMatch(/It is a job, which does not go on; another one: playhouse playground start \S+\n/);
  expect(said).not.toContain('restart');
});

test('of a job it is said how to wait for its result, and what came of it', async () => {
  const tests: Service = { ...database, name: 'tests', watched: true };
  const started = await cli(routesOf(shop(tests)), 'playground start shop');
  expect(started.stdout).toContain('Wait for its result: playhouse playground wait 44\n');
  await api?.close();
  expect((await cli(routesOf(shop(web)), 'playground start shop')).stdout).not.toContain('Wait for');
  await api?.close();
  const over: Playground = { ...shop(tests), status: 'completed', result: 'failed' };
  expect((await cli(routesOf(over), 'playground show 44')).stdout).toMatch(
    /Status: +completed\nResult: +failed\n/,
  );
  await api?.close();
  const listed = await cli({ 'playground.list': () => ({ playgrounds: [over] }) }, 'playground list');
  expect(listed.stdout).toContain('completed, failed');
});

test('playground password, for people and for programs', async () => {
  const login = { user: 'playground', password: 'f00d' };
  const routes = { 'playground.password': () => login };
  expect((await cli(routes, 'playground password 44')).stdout).toBe(
    'User:      playground\nPassword:  f00d\n',
  );
  await api?.close();
  expect(JSON.parse((await cli(routes, 'playground password 44 --json')).stdout)).toEqual(login);
});

test('playground password --new and bypass --new make another one', async () => {
  const renewed = () => ({ user: 'playground', password: 'new', header: 'x-playhouse-bypass', token: 'new' });
  const routes = { 'playground.password-renew': renewed, 'playground.bypass-renew': renewed };
  expect((await cli(routes, 'playground password 44 --new')).stdout).toContain('Password:  new');
  await api?.close();
  expect((await cli(routes, 'playground bypass 44 --new')).stdout).toBe(
    'Header:  x-playhouse-bypass\nToken:   new\n',
  );
});

test('playground maintenance, on with words and off', async () => {
  const seen: FakeRequest[] = [];
  const set = (request: FakeRequest) => {
    seen.push(request);
    const { enabled } = request.body as { enabled: boolean };
    return { services: enabled ? [{ name: 'web', text: 'Soon' }] : [] };
  };
  const routes = { 'playground.maintenance': set };
  const on = await cli(routes, 'playground maintenance 44 on --service web --message Soon');
  expect(on.stdout).toBe(
    'Under maintenance:\n  web: Soon\n  End it: playhouse playground maintenance 44 off\n',
  );
  await api?.close();
  const off = await cli(routes, 'playground maintenance 44 off');
  expect(off.stdout).toContain('lead to the services');
  expect(seen.map(({ body }) => body)).toEqual([
    { enabled: true, service: 'web', message: 'Soon' },
    { enabled: false },
  ]);
  await api?.close();
  expect((await cli(routes, 'playground maintenance 44 perhaps')).status).toBe(2);
});

test('playground show tells what is under maintenance', async () => {
  const { stdout } = await cli(routesOf(shop({ ...web, maintenance: 'Soon' })), 'playground show 44');
  expect(stdout).toContain('running, under maintenance');
});

test('forks say where they are, and a snapshot of volumes lists them', async () => {
  const fork = shop({ ...web, url: 'https://web-shop-2.localhost' }, database);
  const cut = { ...sampleOperation, kind: 'playground.snapshot' } as const;
  const forked = await cli(
    {
      'playground.fork': () => ({ operation: cut, playgrounds: [fork], operations: [sampleOperation] }),
      'playground.get': () => ({ playground: fork }),
      'operation.get': () => ({ operation: sampleOperation }),
    },
    'playground fork 44',
  );
  expect(forked.stdout).toContain('pg-44-shop is running.\n  https://web-shop-2.localhost\n');
  expect(forked.stdout).toContain('playhouse playground show 44');
  await api?.close();
  const { id } = sampleOperation;
  const snapshot = {
    ...{ id, playgroundId: id, playgroundName: 'pg-44-shop', origin: 'stop', parentId: null, memory: false },
    ...{ savedAs: null, createdAt: '2026-01-02T03:00:00.000Z', offloadedAt: null, offloadFailure: null },
    ...{ verifiedAt: null, verifyFailure: null, machines: [], cost: { uniqueBytes: 0, sharedBytes: 0 } },
    volumes: [{ name: 'data', layer: 'one' }],
    checkouts: [{ service: 'web', layer: 'two' }],
  } as const;
  const shown = await cli({ 'snapshot.get': () => ({ snapshot }) }, `snapshot show ${id}`);
  expect(shown.stdout).toMatch(/data +volume +one\nweb +checkout +two/);
  expect(shown.stdout).not.toContain('boot');
});

test('volumes that outlive playgrounds are listed with who uses them, and removed when that is confirmed', async () => {
  const volumes = [
    { key: 'data', name: 'pv-1-2_data', bytes: 3 * 2 ** 20 },
    { key: 'mail', name: 'pv-1-2_mail', bytes: null },
  ];
  const removed: string[] = [];
  const routes: FakeRoutes = {
    'playspec.volumes': ({ parameters }) =>
      parameters['name'] === 'shop'
        ? { volumes, playground: 'pg-44-shop' }
        : { volumes: [], playground: null },
    'playspec.remove-volumes': ({ parameters }) => {
      removed.push(parameters['name'] ?? '');
      return { operation: sampleOperation };
    },
    'operation.get': () => ({ operation: sampleOperation }),
  };
  const { stdout } = await cli(routes, 'playspec volumes shop');
  expect(stdout).toMatch(/data +pv-1-2_data +3 MiB +pg-44-shop\nmail +pv-1-2_mail +- +pg-44-shop/);
  await api?.close();
  expect((await cli(routes, 'playspec volumes hello')).stdout).toContain('no volumes that outlive');
  await api?.close();
  expect((await cli(routes, 'playspec volumes shop --remove --force')).stdout).toContain('are removed');
  expect(removed).toEqual(['shop']);
});

test('more lines of a log than are kept are a mistake of whoever asks for them', async () => {
  const { status, stderr } = await cli({}, 'playground logs 42 --tail 99999999');
  expect(status).toBe(2);
  expect(stderr).toContain('--tail takes a whole number of at most 10000, not `99999999`');
});
