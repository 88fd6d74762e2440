import { afterEach, beforeEach, expect, test } from 'vitest';
import { publicKey, runningMachine } from '../testing/fixtures.ts';
import { TestPlayroom } from '../testing/playroom.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let room: TestPlayroom;
beforeEach(async () => {
  server = await startTestServer();
  room = new TestPlayroom(await server.connectEngine());
});
afterEach(() => server.close());

const parameters = { playground: '1' };
const get = async (playground = '1') =>
  (await server.call('playground.get', { parameters: { playground } })).playground;
const fork = async (body: object = {}) => await server.call('playground.fork', { parameters, body });
const failure = { code: 'snapshot-failed', message: 'It could not be cut.', hint: 'Look.' };

async function running(): Promise<string> {
  const body = { playspec: 'debian', authorizedKeys: [publicKey] };
  const { playground } = await server.call('playground.start', { body });
  await room.start();
  return playground?.id ?? '';
}

async function stopped(how: 'stop' | 'suspend'): Promise<string> {
  const id = await running();
  await server.call(`playground.${how}`, { parameters });
  await room.stop(`playground.${how}`);
  return id;
}

test('forks of a running playground begin at one cut of it, with its memory; it runs on as it was', async () => {
  const id = await running();
  const before = await get();
  const key = publicKey.replace('test@', 'other@');
  const { status, operation, playgrounds, operations } = await fork({ count: 2, authorizedKeys: [key] });
  expect(status).toBe(202);
  expect(operation).toMatchObject({ kind: 'playground.snapshot', subject: { id } });
  expect(await get()).toEqual(before);
  expect(playgrounds).toMatchObject(
    [2, 3].map((number) => ({
      number,
      name: `pg-${number}-debian`,
      status: 'pending',
      machines: [{ name: 'debian', edgeAddress: null }],
      forkedFrom: { playgroundId: id, playgroundName: 'pg-1-debian', snapshotId: operation?.id },
    })),
  );
  const cut = await room.cut();
  expect(cut).toMatchObject({ operationId: operation?.id, origin: 'fork', memory: true, savedAs: null });
  for (const index of [0, 1]) {
    const { playground, operationId } = await room.start();
    expect(operationId).toBe(operations?.[index]?.id);
    expect(playground).toMatchObject({
      id: playgrounds?.[index]?.id,
      from: { snapshotId: operation?.id, memory: 'need' },
      authorizedKeys: [publicKey, key],
    });
  }
  expect(await get()).toEqual({ ...before, updatedAt: (await get())?.updatedAt });
  expect(await get('3')).toMatchObject({ status: 'running', snapshotId: operation?.id });
});

test.each([
  ['stop', 'leave', false],
  ['suspend', 'need', true],
] as const)('a fork after a %s begins with what that left', async (how, memory, kept) => {
  await stopped(how);
  expect(await get()).toMatchObject({ status: 'stopped', suspended: kept });
  const { operation } = await fork();
  expect(await room.take('playground.snapshot')).toMatchObject({ memory: kept });
  expect((await room.take('playground.start')).playground.from).toEqual({
    snapshotId: operation?.id,
    memory,
  });
  expect((await get())?.status).toBe('stopped');
});

test('a cut that fails leaves its forks in error and changes nothing else', async () => {
  await running();
  const before = await get();
  const { operation, operations } = await fork({ count: 2 });
  for (const { id = '' } of [{ ...operation }, ...(operations ?? [])]) await room.fail(id, failure);
  for (const number of ['2', '3'])
    expect(await get(number)).toMatchObject({ status: 'error', error: { code: 'snapshot-failed' } });
  expect(await get()).toEqual(before);
  const retried = await server.call('playground.retry', { parameters: { playground: '2' } });
  expect(retried.status).toBe(202);
});

test('what happens to the source while it is cut is not missed', async () => {
  const id = await running();
  await fork();
  const error = { ...failure, code: 'machine-died', step: null };
  await room.tell(id, 'error', { error });
  expect(await get()).toMatchObject({ status: 'error', error: { code: 'machine-died' } });
});

test('forks ask for room all together', async () => {
  await running();
  expect(await fork({ count: 4 })).toMatchObject({ status: 507, error: { code: 'memory-budget' } });
  expect((await server.call('playground.list')).playgrounds).toHaveLength(1);
  expect((await fork({ count: 3 })).status).toBe(202);
  await server.close();
  server = await startTestServer({ playgroundLimit: 2 });
  room = new TestPlayroom(await server.connectEngine());
  await running();
  expect(await fork({ count: 2 })).toMatchObject({ status: 429, error: { code: 'playground-limit' } });
  expect((await fork()).status).toBe(202);
});

test('forks have titles, numbered when there are several, and the lifetime of the source unless told', async () => {
  const body = { playspec: 'debian', lifetimeSeconds: 600, onExpiry: 'suspend' as const };
  await server.call('playground.start', { body });
  await room.start();
  const { playgrounds } = await fork({ count: 2, title: 'Idea' });
  expect(playgrounds).toMatchObject(
    [1, 2].map((index) => ({
      title: `Idea ${index}`,
      slug: `idea-${index}`,
      lifetimeSeconds: 600,
      onExpiry: 'suspend',
    })),
  );
  expect((await fork({ lifetimeSeconds: null })).playgrounds).toMatchObject([{ lifetimeSeconds: null }]);
});

test('two forks at once are two cuts', async () => {
  await running();
  const [one, other] = await Promise.all([fork(), fork()]);
  expect(one.operation?.id).not.toBe(other.operation?.id);
  expect([one.status, other.status]).toEqual([202, 202]);
});

test('only what runs or has stopped can be forked, snapshotted or saved', async () => {
  const id = await running();
  const { operation } = await server.call('playground.destroy', { parameters });
  await room.succeed(operation?.id ?? '');
  await room.tell(id, 'destroyed');
  const state = { status: 409, error: { code: 'playground-state' } };
  expect(await fork()).toMatchObject(state);
  expect(await server.call('playground.snapshot', { parameters, body: {} })).toMatchObject(state);
  expect(await server.call('playspec.save', { parameters, body: { name: 'saved' } })).toMatchObject(state);
  await server.call('playground.start', { body: { playspec: 'debian' } });
  const pending = await server.call('playground.fork', { parameters: { playground: '2' }, body: {} });
  expect(pending).toMatchObject(state);
  expect(await fork({ count: 21 })).toMatchObject({ status: 400 });
});

test('a suspended playground goes on at its restart, or boots when that is wished', async () => {
  await stopped('suspend');
  await server.call('playground.restart', { parameters });
  const { playground, cold, operationId } = await room.take('playground.restart');
  expect([cold, playground.from]).toEqual([false, null]);
  expect(await get()).toMatchObject({ status: 'in_progress', suspended: false });
  await room.fail(operationId, { ...failure, code: 'memory-unfit' });
  expect(await get()).toMatchObject({ status: 'stopped', suspended: true });
  await server.call('playground.restart', { parameters, query: { cold: 'true' } });
  expect((await room.take('playground.restart')).cold).toBe(true);
});

test('memory counts as kept as soon as the suspend has succeeded', async () => {
  await running();
  const { operation } = await server.call('playground.suspend', { parameters });
  await room.take('playground.suspend');
  await room.succeed(operation?.id ?? '');
  expect(await get()).toMatchObject({ status: 'stopped', suspended: true });
  await fork();
  expect((await room.take('playground.snapshot')).memory).toBe(true);
});

test('a suspend that fails leaves the playground running; only what runs can be suspended', async () => {
  await running();
  const { operation } = await server.call('playground.suspend', { parameters });
  expect((await server.call('playground.suspend', { parameters })).operation?.id).toBe(operation?.id);
  expect((await server.call('playground.stop', { parameters })).operation?.id).toBe(operation?.id);
  expect((await get())?.status).toBe('stopping');
  await room.fail(operation?.id ?? '', { ...failure, code: 'memory-impossible' });
  expect((await get())?.status).toBe('running');
  await server.call('playground.stop', { parameters });
  const state = { status: 409, error: { code: 'playground-state' } };
  expect(await server.call('playground.suspend', { parameters })).toMatchObject(state);
});

test('a stop lets a cut end, a destroy does not', async () => {
  await running();
  const { operation } = await fork();
  await room.take('playground.snapshot');
  await room.take('playground.start');
  await server.call('playground.stop', { parameters });
  await room.take('playground.stop');
  await server.call('playground.destroy', { parameters });
  expect(await room.take('operation.cancel')).toMatchObject({ operationId: operation?.id });
});

test('a playground goes back to its own snapshots and to those of what it was forked from', async () => {
  const id = await running();
  const { operation } = await server.call('playground.snapshot', { parameters, body: {} });
  expect(await room.cut()).toMatchObject({ origin: 'snapshot', memory: true });
  const snapshotId = operation?.id ?? '';
  const rewind = async (playground: string, snapshot = snapshotId) =>
    await server.call('playground.rewind', {
      parameters: { playground },
      body: { snapshotId: snapshot, cold: true },
    });
  expect(await rewind('1', 'f'.repeat(24))).toMatchObject({
    status: 404,
    error: { code: 'snapshot-unknown' },
  });
  const rewound = await rewind('1');
  expect(rewound).toMatchObject({ status: 202, playground: { status: 'in_progress' } });
  const command = await room.take('playground.rewind');
  expect(command).toMatchObject({ snapshotId, cold: true, playground: { id, from: null } });
  await room.succeed(command.operationId);
  expect((await get())?.status).toBe('running');

  await fork();
  await room.cut();
  await room.start();
  expect((await rewind('2')).status).toBe(202);
  await room.take('playground.rewind');
  await server.call('playground.start', { body: { playspec: 'debian' } });
  await room.start();
  expect(await rewind('3')).toMatchObject({ status: 409, error: { code: 'snapshot-foreign' } });
});

test('a rewind that was called off leaves the playground running, one of a stopped one asks for room', async () => {
  const id = await stopped('stop');
  const body = { snapshotId: room.snapshots[0]?.id ?? '' };
  const again = await server.call('playground.rewind', { parameters, body });
  expect(again.status).toBe(202);
  await room.take('playground.rewind');
  await room.succeed(again.operation?.id ?? '');
  await room.tell(id, 'running', { machines: [runningMachine()] });
  const refused = await server.call('playground.rewind', { parameters, body });
  await room.fail(refused.operation?.id ?? '', failure);
  expect((await get())?.status).toBe('running');
});

test('the tree of forks shows what came from what, also what is gone, and to each only what is theirs', async () => {
  const id = await running();
  await fork({ count: 2 });
  await room.cut();
  await room.start();
  await room.start();
  await server.call('playground.fork', { parameters: { playground: '2' }, body: {} });
  const tree = async (playground: string) =>
    await server.call('playground.tree', { parameters: { playground } });
  const { root, nodes } = await tree('4');
  expect(root).toBe(id);
  expect(nodes?.map(({ number, forkedFrom }) => [number, forkedFrom?.playgroundName ?? null])).toEqual([
    [1, null],
    [2, 'pg-1-debian'],
    [3, 'pg-1-debian'],
    [4, 'pg-2-debian'],
  ]);
  expect(nodes?.[0]?.snapshots).toMatchObject([{ origin: 'fork' }]);
  await room.engine.disconnect();
  await expect.poll(() => server.plane.engine.connected).toBe(false);
  expect((await tree('1')).nodes?.[0]?.snapshots).toBeNull();
});
