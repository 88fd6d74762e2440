import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { manifestWith, runningMachine } from '../testing/fixtures.ts';
import type { TestEngine } from '../testing/test-engine.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { Playguard } from './playguard.ts';

const logger = pino({ level: 'silent' });
const parameters = { playground: '1' };
let clock: number;
let server: TestServer;
let engine: TestEngine;
let revision = 0;

const minutes = (count: number) => (clock += count * 60_000);
const guard = () => new Playguard(server.plane, logger);
const get = async () => (await server.call('playground.get', { parameters })).playground;
const kinds = async () =>
  (await server.call('operation.list')).operations?.map(({ kind, status }) => `${kind} ${status}`);

async function open(options: Parameters<typeof startTestServer>[0] = {}): Promise<void> {
  server = await startTestServer({ ...options, now: () => new Date(clock) });
  engine = await server.connectEngine();
}
beforeEach(async () => {
  clock = Date.parse('2026-01-01T00:00:00.000Z');
  await open();
});
afterEach(() => server.close());

async function running(lifetimeSeconds: number | null, onExpiry: 'destroy' | 'stop' | 'suspend' = 'destroy') {
  const body = { playspec: 'debian', lifetimeSeconds, onExpiry };
  const { playground } = await server.call('playground.start', { body });
  const { id = '', operationId = '' } = { ...playground };
  await engine.report({ operationId, revision: ++revision, status: 'succeeded' });
  await engine.reportPlayground({
    playgroundId: id,
    revision: ++revision,
    state: 'running',
    machines: [runningMachine()],
  });
  return id;
}

test('a lifetime that is over destroys the playground, exactly once, however often one looks', async () => {
  await running(3600);
  expect(await get()).toMatchObject({ expiresAt: '2026-01-01T01:00:00.000Z', lifetimeSeconds: 3600 });
  minutes(59);
  await guard().tick();
  expect((await get())?.status).toBe('running');
  minutes(1);
  const [one, other] = [guard(), guard()];
  await Promise.all([one.tick(), other.tick(), one.tick()]);
  await guard().tick();
  expect((await get())?.status).toBe('destroying');
  expect(await kinds()).toEqual(['playground.destroy pending', 'playground.start succeeded']);
});

test('it happens while the engine is away, and is carried out when it is back', async () => {
  await running(60, 'stop');
  await engine.disconnect();
  await expect.poll(() => server.plane.engine.connected).toBe(false);
  minutes(2);
  await guard().tick();
  expect((await get())?.status).toBe('stopping');
  engine = await server.connectEngine();
  const isStop = (message: { type: string }) => JSON.stringify(message).includes('playground.stop');
  await expect.poll(() => engine.rest.some(isStop)).toBe(true);
});

test('a stopped playground has no end; its restart begins a new lifetime', async () => {
  await running(600, 'stop');
  minutes(10);
  await guard().tick();
  const { operationId = '' } = { ...(await get()) };
  await engine.report({ operationId, revision: ++revision, status: 'succeeded' });
  expect(await get()).toMatchObject({ status: 'stopped', expiresAt: null, lifetimeSeconds: 600 });
  minutes(1000);
  await guard().tick();
  expect((await get())?.status).toBe('stopped');
  const restarted = await server.call('playground.restart', { parameters });
  expect(restarted.playground?.expiresAt).toBe(new Date(clock + 600_000).toISOString());
});

test('a lifetime that is over suspends the playground; one that cannot be suspended is stopped', async () => {
  await running(60, 'suspend');
  minutes(2);
  await guard().tick();
  const { operationId = '' } = { ...(await get()) };
  expect(await kinds()).toEqual(['playground.suspend pending', 'playground.start succeeded']);
  const error = { code: 'memory-impossible', message: 'm', hint: 'h', step: null };
  await engine.report({ operationId, revision: ++revision, status: 'failed', error });
  expect((await get())?.status).toBe('running');
  await guard().tick();
  expect((await kinds())?.[0]).toBe('playground.stop pending');
  expect((await get())?.status).toBe('stopping');
});

test('what is only starting is stopped once it has started; what could not be stopped is tried again later', async () => {
  const body = { playspec: 'debian', lifetimeSeconds: 60, onExpiry: 'stop' as const };
  const { playground } = await server.call('playground.start', { body });
  minutes(2);
  await guard().tick();
  expect((await get())?.status).toBe('pending');
  await engine.report({
    operationId: playground?.operationId ?? '',
    revision: ++revision,
    status: 'succeeded',
  });
  await guard().tick();
  const stop = await get();
  expect(stop?.status).toBe('stopping');
  await engine.report({ operationId: stop?.operationId ?? '', revision: ++revision, status: 'failed' });
  await guard().tick();
  expect((await get())?.status).toBe('error');
  minutes(1);
  await guard().tick();
  expect((await get())?.status).toBe('stopping');
});

test('the end is announced once, and once more after it was moved', async () => {
  await running(3600);
  const told: string[] = [];
  server.plane.feed.subscribe((event) => {
    if (event.kind === 'expiring') told.push(event.playground.expiresAt ?? '');
  });
  const playguard = guard();
  await playguard.tick();
  minutes(56);
  await playguard.tick();
  await playguard.tick();
  expect(told).toEqual(['2026-01-01T01:00:00.000Z']);
  await server.call('playground.lifetime', { parameters, body: { lifetimeSeconds: 120 } });
  await playguard.tick();
  expect(told).toHaveLength(2);
});

test('a lifetime is set from now, extended, ended, and given another end', async () => {
  await running(3600);
  minutes(30);
  const change = async (body: object) =>
    (await server.call('playground.lifetime', { parameters, body })).playground;
  expect(await change({ lifetimeSeconds: 3600 })).toMatchObject({ expiresAt: '2026-01-01T01:30:00.000Z' });
  expect(await change({ lifetimeSeconds: 600, extend: true })).toMatchObject({
    expiresAt: '2026-01-01T01:40:00.000Z',
    lifetimeSeconds: 3600,
  });
  expect(await change({ onExpiry: 'stop' })).toMatchObject({
    expiresAt: '2026-01-01T01:40:00.000Z',
    onExpiry: 'stop',
  });
  expect(await change({ lifetimeSeconds: null })).toMatchObject({ expiresAt: null, lifetimeSeconds: null });
  expect(await change({ lifetimeSeconds: 600, extend: true })).toMatchObject({ expiresAt: null });
  minutes(1000);
  await guard().tick();
  expect((await get())?.status).toBe('running');
  await server.call('playground.destroy', { parameters });
  const refused = await server.call('playground.lifetime', { parameters, body: { lifetimeSeconds: 60 } });
  expect(refused).toMatchObject({ status: 409, error: { code: 'playground-state' } });
});

test('the server’s own rules: a default, a longest, and what happens then', async () => {
  await server.close();
  await open({ lifetimes: { standard: 7200, longest: 10_800, onExpiry: 'stop' } });
  const start = async (lifetimeSeconds?: number | null) =>
    await server.call('playground.start', {
      body: { playspec: 'debian', ...(lifetimeSeconds === undefined ? {} : { lifetimeSeconds }) },
    });
  expect((await start()).playground).toMatchObject({ lifetimeSeconds: 7200, onExpiry: 'stop' });
  for (const tooLong of [null, 10_801]) {
    expect(await start(tooLong)).toMatchObject({ status: 422, error: { code: 'lifetime-too-long' } });
  }
  const body = { lifetimeSeconds: 7200, extend: true };
  const refused = await server.call('playground.lifetime', { parameters, body });
  expect(refused).toMatchObject({ status: 422, error: { code: 'lifetime-too-long' } });
});

test('a manifest that asks for more than is allowed is scaled down, and says so at its place', async () => {
  await server.close();
  await open({ limits: { machineCpus: 1, playgroundMemoryMiB: 512 } });
  const body = { playspec: 'flexbox', manifest: manifestWith({ ramSize: '1GiB' }), manifestFile: 'lab.yaml' };
  const { playground, notes } = await server.call('playground.start', { body });
  expect(playground?.machines).toMatchObject([{ cpuCount: 1, ramBytes: 512 * 2 ** 20 }]);
  expect(notes).toMatchObject([
    {
      code: 'manifest-scaled',
      file: 'lab.yaml',
      path: 'playground.machines[0].resources',
      message:
        'Machine box gets 1 processor and 512MiB instead of 2 processors and 1GiB: this server allows no more.',
    },
  ]);
  const { manifest } = await server.call('playground.manifest', { parameters });
  expect(manifest).toContain('ramSize: 512MiB');
  const { playroom } = await server.call('system.playroom');
  expect(playroom?.memoryReservedBytes).toBe(512 * 2 ** 20);
});
