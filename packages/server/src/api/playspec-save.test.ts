import { afterEach, beforeEach, expect, test } from 'vitest';
import { manifestWith } from '../testing/fixtures.ts';
import { TestPlayroom } from '../testing/playroom.ts';
import { create, lab } from '../testing/playspec-samples.ts';
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
  await ann('playground.start', { body: { playspec: 'debian', title: 'Half done' } });
  await room.start();
});
afterEach(() => server.close());

const parameters = { playground: '1' };
const name = 'saved';
const save = async (body: object = {}, call = ann) =>
  await call('playspec.save', { parameters, body: { name, ...body } });
const start = async (body: object = {}) =>
  await ann('playground.start', { body: { playspec: name, ...body } });
const get = async (reference = name) =>
  (await ann('playspec.get', { parameters: { name: reference } })).playspec;
const failure = { code: 'snapshot-failed', message: 'It could not be cut.', hint: 'Look.' };

test('a saved playground is a playspec that can be started once its cut is there', async () => {
  const { status, playspec, operation } = await save({ memory: true });
  expect(status).toBe(202);
  const saved = { snapshotId: operation?.id, memory: true, state: 'making' };
  expect(playspec).toMatchObject({
    ...{ name, version: 1, title: 'Half done', base: 'debian', owner: 'ann', saved },
    accessControl: { canStart: ['owner'] },
  });
  expect(await start()).toMatchObject({ status: 409, error: { code: 'playspec-not-ready' } });
  expect(await room.cut()).toMatchObject({ origin: 'save', memory: true, savedAs: 'saved@1' });
  expect((await get())?.saved?.state).toBe('ready');
  expect((await start()).playground).toMatchObject({ snapshotId: operation?.id, forkedFrom: null });
  const { playground } = await room.take('playground.start');
  expect(playground.from).toEqual({ snapshotId: operation?.id, memory: 'need' });
});

test('without memory its starts boot from the drives', async () => {
  await save();
  expect((await room.cut()).memory).toBe(false);
  await start();
  expect((await room.take('playground.start')).playground.from?.memory).toBe('leave');
});

test('a cut that failed takes the version back: a new name is free again, an older version the newest', async () => {
  const { operation } = await save();
  await room.take('playground.snapshot');
  await room.fail(operation?.id ?? '', failure);
  expect(await get()).toBeUndefined();
  await save();
  await room.cut();
  expect((await get())?.version).toBe(2);
  const next = await save({ update: true });
  expect(next.playspec?.version).toBe(3);
  await room.take('playground.snapshot');
  await room.fail(next.operation?.id ?? '', failure);
  expect((await get())?.version).toBe(2);
  expect((await ann('playspec.versions', { parameters: { name } })).versions).toHaveLength(1);
  expect((await start()).status).toBe(202);
});

test('a name is taken, unless a next version is wanted by who may make one', async () => {
  await save();
  const exists = { status: 409, error: { code: 'playspec-exists' } };
  expect(await save()).toMatchObject(exists);
  expect(await save({ name: 'debian' })).toMatchObject(exists);
  expect((await save({ name: 'debian', update: true })).error?.code).toBe('playspec-shipped');
  expect((await save({ name: 'other', update: true })).error?.code).toBe('playspec-unknown');
  await create(bob, 'bobs', lab());
  expect((await save({ name: 'bobs', update: true })).error?.code).toBe('playspec-unknown');
  expect((await save({}, bob)).error?.code).toBe('playground-unknown');
  expect(room.commands.map(({ kind }) => kind)).toEqual(['playground.start']);
});

test('a manifest may not change the machines of a snapshot, nor choices that were made', async () => {
  await save();
  await room.cut();
  const fixed = { status: 422, error: { code: 'playspec-fixed' } };
  const manifest = manifestWith({ ramSize: '64MiB' }).replace('name: box', 'name: debian');
  expect(await start({ manifest })).toMatchObject(fixed);
  const networks = 'kind: playground\nplayground:\n  networks: [{ name: local, subnet: 10.9.0.0/24 }]\n';
  expect(await start({ manifest: networks })).toMatchObject(fixed);
  expect(await start({ conditions: { Runtime: 'other' } })).toMatchObject(fixed);
  const harmless = 'kind: playground\ntitle: Another title\nplayground: {}\n';
  expect((await start({ manifest: harmless })).status).toBe(202);
  const asked = await ann('playground.conditions', { body: { playspec: name } });
  expect(asked.conditions).toEqual([]);
});

test('a removed playspec takes its snapshots along, also one whose cut ends only then', async () => {
  await save();
  const { operationId: first } = await room.cut();
  const { operation } = await save({ update: true });
  await room.take('playground.snapshot');
  await ann('playspec.remove', { parameters: { name } });
  expect(await room.take('snapshot.remove')).toMatchObject({ snapshotId: first });
  expect(await room.take('operation.cancel')).toMatchObject({ operationId: operation?.id });
  await room.succeed(operation?.id ?? '');
  expect(await room.take('snapshot.remove')).toMatchObject({ snapshotId: operation?.id });
});
