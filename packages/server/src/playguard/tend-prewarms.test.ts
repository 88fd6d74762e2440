import type { Inventory } from '@playhouse/contract/link/report';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findInventory } from '../store/inventory.ts';
import { inventory, manifestWith } from '../testing/fixtures.ts';
import { TestPlayroom } from '../testing/playroom.ts';
import { create } from '../testing/playspec-samples.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { Playguard } from './playguard.ts';

let server: TestServer;
let room: TestPlayroom;
beforeEach(async () => {
  server = await startTestServer();
  room = new TestPlayroom(await server.connectEngine());
});
afterEach(() => server.close());

/** Each look is that of another Playguard: a server that was restarted in between knows no more. */
const look = async () => await new Playguard(server.plane, pino({ level: 'silent' })).tick();
const parameters = { name: 'debian' };
const prewarm = async () => await server.call('playspec.prewarm', { parameters });
const state = async () => (await server.call('playspec.get', { parameters })).playspec?.prewarm;
const start = async (body: object = {}) => {
  await server.call('playground.start', { body: { playspec: 'debian', ...body } });
  return (await room.start()).playground.from;
};
const failure = { code: 'machine-failed', message: 'It did not boot.', hint: 'Look.' };

async function warm(): Promise<string> {
  await prewarm();
  await room.start();
  await look();
  const { operationId } = await room.cut();
  await look();
  const destroy = await room.take('playground.destroy');
  await room.succeed(destroy.operationId);
  return operationId;
}

async function tellInventory(changed: Inventory): Promise<void> {
  room.engine.send({ type: 'inventory', inventory: changed });
  const known = async () => (await findInventory(server.plane.store.database))?.inventory;
  await expect.poll(known).toEqual(changed);
}

test('a playspec is started once, cut with its memory, and its starts resume from there', async () => {
  const { status, playground, operation } = await prewarm();
  expect(status).toBe(202);
  expect(playground).toMatchObject({ hidden: true, title: 'Prewarming debian, version 1' });
  expect(await state()).toMatchObject({ state: 'making', operationId: operation?.id, snapshotId: null });
  expect((await server.call('playground.list')).playgrounds).toEqual([]);
  const all = await server.call('playground.list', { query: { all: 'true' } });
  expect(all.playgrounds).toHaveLength(1);
  expect((await server.call('system.playroom')).playroom?.memoryReservedBytes).toBeGreaterThan(0);
  expect((await prewarm()).operation?.id).toBe(operation?.id);

  await look();
  expect((await room.start()).playground.from).toBeNull();
  await look();
  await look();
  const cut = await room.cut();
  expect(cut).toMatchObject({ origin: 'prewarm', memory: true, savedAs: 'debian@1' });
  await look();
  expect(await state()).toMatchObject({ state: 'ready', snapshotId: cut.operationId, error: null });
  await room.take('playground.destroy');
  await look();
  expect(await start()).toEqual({ snapshotId: cut.operationId, memory: 'prefer' });
  const other = 'kind: playground\ntitle: Another title\nplayground: { egress: none }\n';
  expect(await start({ manifest: other })).toBeNull();
});

test.each(['start', 'cut'] as const)('a %s that fails is told, and starts go on to boot', async (where) => {
  const { operation } = await prewarm();
  if (where === 'start') {
    await room.take('playground.start');
    await room.fail(operation?.id ?? '', failure);
  } else {
    await room.start();
    await look();
    const { operationId } = await room.take('playground.snapshot');
    await room.fail(operationId, failure);
  }
  await look();
  await look();
  expect(await state()).toMatchObject({
    state: 'failed',
    snapshotId: null,
    error: { code: 'machine-failed' },
  });
  await room.take('playground.destroy');
  expect(await start()).toBeNull();
});

test('somebody who destroys the hidden playground ends it', async () => {
  const { playground } = await prewarm();
  await room.start();
  await server.call('playground.destroy', { parameters: { playground: playground?.id ?? '' } });
  await look();
  expect(await state()).toMatchObject({ state: 'failed', error: { code: 'prewarm-failed' } });
});

test('a drop gives everything up, also in the middle', async () => {
  const snapshotId = await warm();
  await server.call('playspec.drop-prewarm', { parameters });
  expect(await room.take('snapshot.remove')).toMatchObject({ snapshotId });
  expect(await state()).toBeNull();
  await prewarm();
  await room.start();
  await look();
  const { operationId } = await room.take('playground.snapshot');
  await server.call('playspec.drop-prewarm', { parameters });
  await look();
  const kinds = [];
  for (let index = 0; index < 3; index += 1) kinds.push((await room.engine.next('command')).command.kind);
  expect(kinds).toEqual(['operation.cancel', 'operation.cancel', 'playground.destroy']);
  await room.succeed(operationId);
  expect(await room.take('snapshot.remove')).toMatchObject({ snapshotId: operationId });
});

const otherKernel = () => {
  const kernels = inventory.kernels.map((kernel) => ({ ...kernel, digest: `sha256:${'a'.repeat(64)}` }));
  return { ...inventory, kernels };
};

test.each([
  ['a kernel', otherKernel()],
  ['QEMU', { ...inventory, runsOn: 'qemu 10.0 tcg' }],
])('it is made anew when %s has changed, and what there was stays until then', async (_, changed) => {
  const former = await warm();
  await tellInventory(changed);
  expect(await start()).toBeNull();
  await look();
  expect(await state()).toMatchObject({ state: 'stale', snapshotId: former });
  await look();
  await room.start();
  await look();
  const { operationId } = await room.cut();
  await look();
  expect(await state()).toMatchObject({ state: 'ready', snapshotId: operationId });
  expect(await room.take('snapshot.remove')).toMatchObject({ snapshotId: former });
  await room.take('playground.destroy');
  expect(await start()).toMatchObject({ snapshotId: operationId });
});

test('without room to make it anew it stays stale, and starts boot', async () => {
  await warm();
  const [kernel] = inventory.kernels;
  if (kernel === undefined) return;
  await tellInventory({ ...inventory, memoryBudgetBytes: 1, kernels: [{ ...kernel, release: '6.1.999' }] });
  for (let index = 0; index < 3; index += 1) await look();
  expect((await state())?.state).toBe('stale');
  expect(room.engine.rest).toEqual([]);
});

test('prewarming is for the owner, and what comes with Playhouse for administrators', async () => {
  const { call: ann } = await server.as('ann');
  expect((await ann('playspec.prewarm', { parameters })).error?.code).toBe('forbidden');
  await create(ann, 'mine', `title: My own lab\n${manifestWith({})}`);
  const own = await ann('playspec.prewarm', { parameters: { name: 'mine' } });
  expect(own.status).toBe(202);
  expect((await ann('playspec.drop-prewarm', { parameters: { name: 'mine' } })).playspec?.prewarm).toBeNull();
});

test('what was saved begins with a snapshot already', async () => {
  await server.call('playground.start', { body: { playspec: 'debian' } });
  await room.start();
  await server.call('playspec.save', { parameters: { playground: '1' }, body: { name: 'saved' } });
  await room.cut();
  const refused = await server.call('playspec.prewarm', { parameters: { name: 'saved' } });
  expect(refused).toMatchObject({ status: 409, error: { code: 'prewarm-needless' } });
});
