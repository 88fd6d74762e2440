import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestPlayroom } from '../testing/playroom.ts';
import { startWithPeople } from '../testing/start-with-people.ts';
import type { Call, TestServer } from '../testing/test-server.ts';

let server: TestServer;
let room: TestPlayroom;
let ann: Call;
let bob: Call;
beforeEach(async () => {
  const people = await startWithPeople();
  ({ server, ann, bob } = people);
  room = new TestPlayroom(people.engine);
});
afterEach(() => server.close());

const parameters = { playground: '1' };
const one = (snapshot: string) => ({ parameters: { snapshot } });

/** Ann’s playground with a snapshot to go back to. */
async function snapshot(): Promise<string> {
  await ann('playground.start', { body: { playspec: 'debian' } });
  await room.start();
  const { operation } = await ann('playground.snapshot', { parameters, body: { memory: false } });
  expect(await room.cut()).toMatchObject({ memory: false });
  return operation?.id ?? '';
}

test('snapshots are seen by who owns their playground, and by administrators', async () => {
  const id = await snapshot();
  const ids = async (call: Call, query = {}) =>
    (await call('snapshot.list', { query })).snapshots?.map((each) => each.id);
  room.keep({ id: 'e'.repeat(24), playgroundId: 'd'.repeat(24), createdAt: '2026-02-01T00:00:00.000Z' });
  expect(await ids(ann)).toEqual([id]);
  expect(await ids(bob)).toEqual([]);
  expect(await ids(server.call)).toEqual(['e'.repeat(24), id]);
  expect(await ids(server.call, { playground: '1' })).toEqual([id]);
  const unknown = { status: 404, error: { code: 'playground-unknown' } };
  expect(await bob('snapshot.list', { query: { playground: '1' } })).toMatchObject(unknown);
  expect((await ann('snapshot.get', one(id))).snapshot).toMatchObject({ id, origin: 'snapshot' });
  for (const name of ['snapshot.get', 'snapshot.remove'] as const)
    expect(await bob(name, one(id))).toMatchObject({ status: 404, error: { code: 'snapshot-unknown' } });
});

test('a snapshot is removed unless something would be started from it; its owner may follow that', async () => {
  const id = await snapshot();
  const { operation } = await ann('snapshot.remove', one(id));
  expect(operation).toMatchObject({ kind: 'snapshot.remove', subject: { kind: 'snapshot', id } });
  expect(await room.take('snapshot.remove')).toMatchObject({ snapshotId: id });
  const followed = { parameters: { operation: operation?.id ?? '' } };
  expect((await ann('operation.get', followed)).operation?.id).toBe(operation?.id);
  expect((await bob('operation.get', followed)).error?.code).toBe('operation-unknown');

  await ann('playground.stop', { parameters });
  const left = await room.stop('playground.stop');
  expect(await ann('snapshot.remove', one(left))).toMatchObject({
    status: 409,
    error: { code: 'snapshot-in-use', message: expect.stringContaining('pg-1-debian') as string },
  });
  await ann('playspec.save', { parameters, body: { name: 'saved' } });
  const { operationId: saved } = await room.cut();
  expect(await ann('snapshot.remove', one(saved))).toMatchObject({
    error: { code: 'snapshot-in-use', message: expect.stringContaining('saved@1') as string },
  });
});

test('layers and the vault are the administrators’', async () => {
  const id = await snapshot();
  room.layers.push({
    ...{ id: 'one', kind: 'disk', digest: null, bytes: 5, local: true, offloaded: false, mergedFrom: [] },
    ...{ owners: [id], createdAt: null },
  });
  expect((await server.call('layer.list')).layers).toMatchObject([{ id: 'one' }]);
  expect((await server.call('layer.get', { parameters: { layer: 'one' } })).layer?.owners).toEqual([id]);
  const unknown = await server.call('layer.get', { parameters: { layer: 'two' } });
  expect(unknown).toMatchObject({ status: 404, error: { code: 'layer-unknown' } });
  const { operation } = await server.call('vault.verify', { body: { snapshotId: id, sample: true } });
  expect(operation).toMatchObject({ kind: 'vault.verify', subject: { kind: 'vault' } });
  expect(await room.take('vault.verify')).toMatchObject({ snapshotId: id, sample: true });
  const body = { snapshotId: 'f'.repeat(24) };
  expect((await server.call('vault.verify', { body })).error?.code).toBe('snapshot-unknown');
});

test('costs are shown to who asks for them, and are missing while the playroom does not answer', async () => {
  await snapshot();
  const query = { costs: 'true' };
  const [playground] = (await ann('playground.list')).playgrounds ?? [];
  const cost = { uniqueBytes: 3 * 2 ** 20, sharedBytes: 300 * 2 ** 20 };
  expect((await ann('playground.list')).costs).toBeNull();
  expect((await ann('playground.list', { query })).costs).toEqual({ [playground?.id ?? '']: cost });
  expect((await ann('playground.get', { parameters, query })).cost).toEqual(cost);
  expect((await ann('playspec.list', { query })).costs).toEqual({});
  await room.engine.disconnect();
  await expect.poll(() => server.plane.engine.connected).toBe(false);
  expect(await ann('playground.list', { query })).toMatchObject({ status: 200, costs: null });
  expect((await ann('snapshot.list')).error?.code).toBe('engine-down');
});
