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

test('a running playground is cut first; what is kept or stopped is compared as it is', async () => {
  await ann('playground.start', { body: { playspec: 'debian' } });
  const { playground } = await room.start();
  await ann('playground.snapshot', { parameters, body: { memory: false } });
  const { operationId: kept } = await room.cut();
  const running = await ann('playground.diff', { body: { from: kept, to: '1' } });
  expect(running.operation).toMatchObject({ kind: 'snapshot.compare', status: 'pending' });
  const { operationId: cut, origin, memory } = await room.cut();
  expect({ origin, memory }).toEqual({ origin: 'diff', memory: false });
  expect(await room.take('snapshot.compare')).toMatchObject({
    sides: [
      { snapshotId: kept, playgroundId: null, name: kept },
      { snapshotId: cut, playgroundId: playground.id, name: 'pg-1-debian' },
    ],
  });
  await ann('playground.stop', { parameters });
  const left = await room.stop('playground.stop');
  await ann('playground.diff', { body: { from: kept, to: 'pg-1-debian' } });
  expect((await room.take('snapshot.compare')).sides[1]).toEqual({
    snapshotId: left,
    playgroundId: null,
    name: 'pg-1-debian',
  });
});

test('only what the caller may see is compared, and only they see what was found', async () => {
  await ann('playground.start', { body: { playspec: 'debian' } });
  await room.start();
  await ann('playground.snapshot', { parameters, body: { memory: false } });
  const { operationId: kept } = await room.cut();
  const body = { from: kept, to: kept };
  expect((await bob('playground.diff', { body })).error?.code).toBe('snapshot-unknown');
  expect((await bob('playground.diff', { body: { from: '1', to: '1' } })).error?.code).toBe(
    'playground-unknown',
  );
  const { operation } = await ann('playground.diff', { body });
  const asked = { parameters: { operation: operation?.id ?? '' } };
  expect((await ann('playground.diff-result', asked)).comparison).toMatchObject({ machines: [] });
  expect((await bob('playground.diff-result', asked)).error?.code).toBe('operation-unknown');
});

test('what is on its way from one state to another cannot be compared', async () => {
  await ann('playground.start', { body: { playspec: 'debian' } });
  expect((await ann('playground.diff', { body: { from: '1', to: '1' } })).error?.code).toBe(
    'playground-state',
  );
});
