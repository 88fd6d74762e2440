import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Inventory } from '@playhouse/contract/link/report';
import { nextCount } from '../store/counters.ts';
import { findInventory } from '../store/inventory.ts';
import { readOccupancy } from '../store/playgrounds.ts';
import { inventory, runningMachine } from '../testing/fixtures.ts';
import { TestPlayroom } from '../testing/playroom.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { Playguard } from './playguard.ts';

let server: TestServer;
let room: TestPlayroom;
let time = new Date('2026-01-01T00:00:00.000Z');
beforeEach(async () => {
  server = await startTestServer({ now: () => time });
  room = new TestPlayroom(await server.connectEngine());
});
afterEach(() => server.close());

const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA ann';
/** Each look is that of another Playguard: a server that was restarted in between knows no more. */
const look = async () => await new Playguard(server.plane, pino({ level: 'silent' })).tick();
const parameters = { name: 'debian' };
const prewarmed = async () => (await server.call('playspec.get', { parameters })).playspec?.prewarm;
const spare = async () => (await prewarmed())?.spare;
const keep = async (wanted = true) =>
  await server.call('playspec.keep-spare', { parameters, body: { wanted } });
const start = async (body: object = {}) =>
  await server.call('playground.start', { body: { playspec: 'debian', ...body } });

async function warm(): Promise<string> {
  await server.call('playspec.prewarm', { parameters });
  await room.start();
  await look();
  const { operationId } = await room.cut();
  await look();
  const destroy = await room.take('playground.destroy');
  await room.succeed(destroy.operationId);
  return operationId;
}

/** A copy that stands by; its id. */
async function standby(): Promise<string> {
  await warm();
  await keep();
  await look();
  const { playground } = await room.start();
  await look();
  expect(await spare()).toMatchObject({ state: 'ready', playgroundId: playground.id });
  return playground.id;
}

async function tellInventory(changed: Inventory): Promise<void> {
  room.engine.send({ type: 'inventory', inventory: changed });
  const known = async () => (await findInventory(server.plane.store.database))?.inventory;
  await expect.poll(known).toEqual(changed);
}

test('a copy is woken, and the next start takes it over with a name and keys of its own', async () => {
  const snapshotId = await warm();
  expect((await keep()).playspec?.prewarm?.spare).toMatchObject({ state: 'waiting', playgroundId: null });
  await look();
  expect(await spare()).toMatchObject({ state: 'making' });
  const made = await room.start();
  expect(made.playground).toMatchObject({
    spare: true,
    authorizedKeys: [],
    from: { snapshotId, memory: 'need' },
  });
  expect((await server.call('playground.list')).playgrounds).toEqual([]);
  await look();
  expect(await spare()).toMatchObject({ state: 'ready', playgroundId: made.playground.id });

  const { call: ann } = await server.as('ann');
  const { status, playground } = await ann('playground.start', {
    body: { playspec: 'debian', title: 'My own lab', authorizedKeys: [key], lifetimeSeconds: 3600 },
  });
  expect(status).toBe(202);
  expect(playground).toMatchObject({
    ...{ id: made.playground.id, hidden: false, owner: 'ann', title: 'My own lab', status: 'pending' },
    name: `pg-${made.playground.number}-my-own-lab`,
    lifetimeSeconds: 3600,
  });
  expect(playground?.expiresAt).not.toBeNull();
  const taken = await room.start();
  expect(taken.playground).toMatchObject({ id: made.playground.id, authorizedKeys: [key] });
  expect(taken.playground.spare).toBeUndefined();
  expect((await ann('playground.list')).playgrounds).toMatchObject([{ status: 'running' }]);
});

test('whoever took one has a moment for themselves; then there is another', async () => {
  const first = await standby();
  await start();
  await room.start();
  await look();
  expect(await spare()).toMatchObject({ state: 'waiting', playgroundId: null });
  expect(room.engine.rest).toEqual([]);
  time = new Date(time.getTime() + 5000);
  await look();
  const { playground } = await room.start();
  expect(playground).toMatchObject({ spare: true });
  expect(playground.id).not.toBe(first);
});

test('two starts at once do not get the same copy', async () => {
  const id = await standby();
  const ids = (await Promise.all([start(), start()])).map(({ playground }) => playground?.id);
  expect(ids.filter((each) => each === id)).toHaveLength(1);
  expect(new Set(ids).size).toBe(2);
});

test('a start that changes something of it leaves the copy alone, as does one before it is ready', async () => {
  await warm();
  await keep();
  await look();
  const { operationId, playground } = await room.take('playground.start');
  expect((await start()).playground?.id).not.toBe(playground.id);
  expect((await room.start()).playground.from?.memory).toBe('prefer');
  await room.succeed(operationId);
  await room.tell(playground.id, 'running');
  await look();
  const other = 'kind: playground\ntitle: Another title\nplayground: { egress: none }\n';
  expect((await start({ manifest: other })).playground?.id).not.toBe(playground.id);
  expect(await spare()).toMatchObject({ state: 'ready', playgroundId: playground.id });
});

test('its memory is lent: it makes way for a playground that needs it, and is not made without room', async () => {
  const id = await standby();
  const reserved = async (spares: 'all' | 'none') =>
    (await readOccupancy(server.plane.store.database, null, spares)).ramBytes;
  const one = await reserved('all');
  expect([one > 0, await reserved('none')]).toEqual([true, 0]);
  await tellInventory({ ...inventory, memoryBudgetBytes: one });
  const manifest = 'kind: playground\ntitle: Another title\nplayground: { egress: none }\n';
  const started = await start({ manifest });
  expect({ status: started.status, id: started.playground?.id === id }).toEqual({ status: 202, id: false });
  await room.start();
  await look();
  expect(await room.take('playground.destroy')).toMatchObject({ playgroundId: id });
  await look();
  expect(await spare()).toMatchObject({ state: 'waiting' });
  expect(room.engine.rest).toEqual([]);
  // Room for less than one.
  await tellInventory({ ...inventory, memoryBudgetBytes: 2 * one - 1 });
  await look();
  expect(room.engine.rest).toEqual([]);
  await tellInventory({ ...inventory, memoryBudgetBytes: 3 * one });
  await look();
  expect((await room.take('playground.start')).playground.spare).toBe(true);
});

test('one whose machine has ended goes, and is made anew after a pause; also when an administrator destroyed it', async () => {
  const first = await standby();
  await room.tell(first, 'running', { machines: [runningMachine({ state: 'stopped' })] });
  await look();
  const { operationId } = await room.take('playground.destroy');
  await room.succeed(operationId);
  await look();
  expect(await spare()).toMatchObject({ state: 'failed', error: { code: 'spare-lost' } });
  expect(room.engine.rest).toEqual([]);
  time = new Date(time.getTime() + 30_000);
  await look();
  const { playground } = await room.start();
  await look();
  expect(await spare()).toMatchObject({ state: 'ready', error: null });
  await server.call('playground.destroy', { parameters: { playground: playground.id } });
  await look();
  expect(await spare()).toMatchObject({ state: 'failed' });
  await room.take('playground.destroy');
  expect(room.engine.rest).toEqual([]);
});

test('one of a prewarming that is out of date goes with it', async () => {
  const first = await standby();
  await tellInventory({ ...inventory, runsOn: 'qemu 10.0 tcg' });
  await look();
  await look();
  const kinds = [await room.engine.next('command'), await room.engine.next('command')].map(
    ({ command }) => command.kind,
  );
  expect(kinds.toSorted()).toEqual(['playground.destroy', 'playground.start']);
  expect(await spare()).toMatchObject({ state: 'waiting', playgroundId: null });
  expect(
    (await server.call('playground.get', { parameters: { playground: first } })).playground?.status,
  ).toBe('destroying');
});

test('one that cannot be made is told, tried again later each time, and at once when it is asked for', async () => {
  await warm();
  await keep();
  for (const pauseMs of [30_000, 60_000]) {
    await look();
    const { operationId, playground } = await room.take('playground.start');
    expect(playground.spare).toBe(true);
    await room.fail(operationId, { code: 'memory-unfit', message: 'It does not fit.', hint: 'Look.' });
    await look();
    expect(await room.take('playground.destroy')).toMatchObject({ playgroundId: playground.id });
    time = new Date(time.getTime() + pauseMs - 1);
    await look();
    expect(await spare()).toMatchObject({ state: 'failed', error: { code: 'memory-unfit' } });
    expect(room.engine.rest).toEqual([]);
    if (pauseMs === 30_000) time = new Date(time.getTime() + 1);
  }
  await keep();
  await look();
  expect((await room.take('playground.start')).playground.spare).toBe(true);
});

test('a look at one that stands by writes nothing: there is one every few seconds', async () => {
  await standby();
  const lock = async () => await nextCount(server.plane.store.database, 'placement');
  const before = await lock();
  await look();
  expect(await lock()).toBe(before + 1);
});

test('while somebody waits for a start none is woken', async () => {
  await warm();
  await keep();
  await start();
  await look();
  const { operationId, playground } = await room.take('playground.start');
  expect(playground.spare).toBeUndefined();
  expect(room.engine.rest).toEqual([]);
  await room.succeed(operationId);
  await look();
  expect((await room.take('playground.start')).playground.spare).toBe(true);
});

test('until it is somebody’s nobody gets into it, nor cuts it, not even who owns the playspec', async () => {
  const id = await standby();
  const { call: admin } = server;
  const refused = { status: 409, error: { code: 'playground-spare' } };
  const on = { parameters: { playground: id } };
  expect(await admin('playground.snapshot', { ...on, body: {} })).toMatchObject(refused);
  expect(await admin('playground.stop', on)).toMatchObject(refused);
  const machine = { parameters: { playground: id, machine: 'debian' } };
  expect(await admin('machine.restart', machine)).toMatchObject(refused);
  expect(await admin('machine.ssh', { ...machine, body: { publicKey: key } })).toMatchObject(refused);
  expect((await admin('playground.get', on)).status).toBe(200);
  expect((await start()).playground?.id).toBe(id);
  await room.start();
  expect((await admin('playground.snapshot', { ...on, body: {} })).status).toBe(202);
});

test('who wants none any more gets the memory back, with the prewarming, too', async () => {
  const first = await standby();
  expect((await keep(false)).playspec?.prewarm?.spare).toBeNull();
  expect(await room.take('playground.destroy')).toMatchObject({ playgroundId: first });
  await look();
  expect(room.engine.rest).toEqual([]);
  await keep();
  await look();
  const { playground } = await room.start();
  await server.call('playspec.drop-prewarm', { parameters });
  expect(await room.take('playground.destroy')).toMatchObject({ playgroundId: playground.id });
  await room.take('snapshot.remove');
});

test('there is nothing to make one of without a prewarming, and it is the owner’s to want one', async () => {
  expect(await keep()).toMatchObject({ status: 409, error: { code: 'spare-needs-prewarm' } });
  expect((await keep(false)).status).toBe(200);
  const { call: ann } = await server.as('ann');
  const refused = await ann('playspec.keep-spare', { parameters, body: { wanted: true } });
  expect(refused.error?.code).toBe('forbidden');
});
