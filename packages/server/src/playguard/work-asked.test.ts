// What becomes of a playground of services whose time is over while somebody works in it: the engine says, each time anew.
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Playground } from '@playhouse/contract/playground';
import type { Question } from '@playhouse/contract/link/question';
import type { TestEngine } from '../testing/test-engine.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { Playguard } from './playguard.ts';

const parameters = { playground: '1' };
const minuteMs = 60_000;
let clock: number;
let server: TestServer;
let engine: TestEngine;
let guard: Playguard;
let revision = 0;
let work: { name: string; reason: 'changes' | 'commits' | 'unreadable' }[];
let asked: number;
let said: string[];

beforeEach(async () => {
  clock = Date.parse('2026-01-01T00:00:00.000Z');
  [work, asked, said] = [[{ name: 'web', reason: 'changes' }], 0, []];
  server = await startTestServer({ now: () => new Date(clock) });
  await connect();
  guard = newGuard();
});
afterEach(async () => {
  await guard.stop();
  await server.close();
});

const newGuard = () =>
  new Playguard(server.plane, pino({}, { write: (line: string) => void said.push(line) }));
const answer = ({ kind }: Question) => {
  if (kind !== 'services.work') return null;
  asked += 1;
  return { kind, services: work, againSeconds: 60 };
};
async function connect(): Promise<void> {
  engine = await server.connectEngine();
  engine.answers = answer;
}
/** One look, with what it has the engine asked. */
async function tick(): Promise<void> {
  await guard.tick();
  await guard.stop();
}
const get = async () => (await server.call('playground.get', { parameters })).playground;
const destroys = async () =>
  (await server.call('operation.list')).operations?.filter(({ kind }) => kind === 'playground.destroy') ?? [];
const keptSaid = () => said.filter((line) => line.includes('it is kept')).length;

/** One whose time is over. */
async function over(onExpiry: Playground['onExpiry'] = 'destroy', state: 'running' | 'error' = 'running') {
  const manifest = 'services: { web: { image: "w:1" } }\n';
  await server.call('playspec.create', { body: { name: 'shop', manifest } });
  const body = { playspec: 'shop', lifetimeSeconds: 60, onExpiry };
  const { playground, operation } = await server.call('playground.start', { body });
  const status = state === 'error' ? 'failed' : 'succeeded';
  const error = { code: 'docker-unavailable', message: 'm', hint: 'h', step: null };
  const more = state === 'error' ? { error } : {};
  await engine.report({ operationId: operation?.id ?? '', revision: ++revision, status, ...more });
  clock += minuteMs;
  return playground?.id ?? '';
}

test.each(['running', 'error'] as const)(
  'in status %s it is kept as it is, without an operation; asked again after the pause, and said once',
  async (state) => {
    await over('destroy', state);
    for (let count = 0; count < 5; count += 1) await tick();
    expect([asked, keptSaid()]).toEqual([1, 1]);
    expect((await get())?.status).toBe(state);
    expect(await destroys()).toEqual([]);
    clock += minuteMs;
    await tick();
    expect([asked, keptSaid()]).toEqual([2, 1]);
    // Another server remembers nothing, and asks.
    guard = newGuard();
    await tick();
    expect(asked).toBe(3);
    expect((await get())?.status).toBe(state);

    work = [];
    clock += minuteMs;
    await tick();
    await tick();
    expect((await destroys()).map(({ status }) => status)).toEqual(['pending']);
    expect(await engine.nextOf('services.destroy')).toMatchObject({ keepWork: true });
  },
);

test('a job that is over is asked about, too, whatever is to become of it', async () => {
  const playgroundId = await over('stop');
  await engine.reportPlayground({ playgroundId, revision: ++revision, state: 'completed' });
  await tick();
  expect([asked, (await get())?.status]).toEqual([1, 'completed']);
  expect(await destroys()).toEqual([]);
});

test('what the engine refuses at the last moment leaves the playground what it was; what it begins is destroying', async () => {
  const playgroundId = await over();
  work = [];
  await tick();
  const { operationId } = await engine.nextOf('services.destroy');
  expect((await get())?.status).toBe('running');
  const more = await server.call('playground.lifetime', { parameters, body: { lifetimeSeconds: 600 } });
  expect(more.error?.code).toBe('playground-state');
  const error = { code: 'work-kept', message: 'm', hint: 'h', step: null };
  await engine.report({ operationId, revision: ++revision, status: 'failed', error });
  expect(await get()).toMatchObject({ status: 'running', error: null });

  clock += minuteMs;
  await tick();
  const again = await engine.nextOf('services.destroy');
  await engine.reportPlayground({ playgroundId, revision: ++revision, state: 'destroying' });
  expect((await get())?.status).toBe('destroying');
  await engine.report({ operationId: again.operationId, revision: ++revision, status: 'succeeded' });
  expect((await get())?.status).toBe('destroyed');
});

test('who destroys it gives up the work, also while the engine has not begun yet', async () => {
  await over();
  work = [];
  await tick();
  expect(await engine.nextOf('services.destroy')).toMatchObject({ keepWork: true });
  const { operation } = await server.call('playground.destroy', { parameters });
  expect(await engine.nextOf('services.destroy')).toMatchObject({
    operationId: operation?.id,
    keepWork: false,
  });
  expect((await get())?.status).toBe('destroying');
  expect((await server.call('playground.destroy', { parameters })).operation?.id).toBe(operation?.id);
});

test('nothing begins while the engine is away; it is asked as soon as it is back', async () => {
  await over();
  work = [];
  await engine.disconnect();
  await expect.poll(() => server.plane.engine.connected).toBe(false);
  await tick();
  expect(await destroys()).toEqual([]);
  await connect();
  await tick();
  expect(await destroys()).toHaveLength(1);
});
