import { snapshotSchema } from '@playhouse/contract/snapshot';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ServerWithShop, startWithShop } from '../testing/start-with-shop.ts';

const job = `
x-playgrounds: { metadata: { job_mode: true } }
services:
  tests: { image: x, labels: { playgrounds.job_watch: "true" } }
  db: { image: y }
`;
let { server, engine, ann, running, stopped } = {} as ServerWithShop;
beforeEach(async () => ({ server, engine, ann, running, stopped } = await startWithShop(job)));
afterEach(() => server.close());

const refused = { status: 409, error: { code: 'job-fixed' } };

test('a job that was stopped does not run a second time, and its volumes can be saved', async () => {
  const parameters = await stopped();
  const again = await ann('playground.restart', { parameters });
  expect(again).toMatchObject(refused);
  expect(again.error?.message).toMatch(/is a job, which cannot be restarted/);
  expect((await ann('playground.fork', { parameters, body: {} })).error?.code).toBe('job-fixed');
  const shown = await ann('playground.get', { parameters });
  expect(shown.playground).toMatchObject({ status: 'stopped', error: null });
  expect((await ann('playspec.save', { parameters, body: { name: 'kept' } })).status).toBe(202);
});

test('a job that runs is not forked, taken back or rolled out; it can be cut and stopped', async () => {
  const parameters = await running();
  expect(await ann('playground.fork', { parameters, body: {} })).toMatchObject(refused);
  expect(await ann('playground.rollout', { parameters, body: {} })).toMatchObject(refused);
  expect(await ann('playground.hard-restart', { parameters, body: {} })).toMatchObject(refused);
  expect((await ann('operation.list')).operations?.map(({ kind }) => kind)).toEqual(['playground.start']);
  const cut = await ann('playground.snapshot', { parameters, body: {} });
  expect(cut.status).toBe(202);
  const snapshotId = cut.operation?.id ?? '';
  await engine.report({ operationId: snapshotId, revision: 2, status: 'succeeded' });
  const snapshot = snapshotSchema.parse({
    ...{
      id: snapshotId,
      playgroundId: parameters.playground,
      playgroundName: 'pg-1-shop',
      origin: 'snapshot',
    },
    ...{ parentId: null, memory: false, savedAs: null, createdAt: '2026-01-01T00:00:00.000Z' },
    ...{ offloadedAt: null, verifiedAt: null, machines: [], cost: { uniqueBytes: 0, sharedBytes: 0 } },
  });
  engine.answers = ({ kind }) => (kind === 'snapshot.list' ? { kind, snapshots: [snapshot] } : null);
  expect(await ann('playground.rewind', { parameters, body: { snapshotId } })).toMatchObject(refused);
  expect((await ann('playground.stop', { parameters })).status).toBe(202);
});

test('a job whose start failed is tried again', async () => {
  const { playground, operation } = await ann('playground.start', { body: { playspec: 'shop' } });
  await engine.report({ operationId: operation?.id ?? '', revision: 1, status: 'failed' });
  const parameters = { playground: playground?.id ?? '' };
  expect((await ann('playground.retry', { parameters })).status).toBe(202);
});
