import { sampleService } from '@playhouse/contract/compose/testing/sample-service';
import type { NextImage } from '@playhouse/contract/service';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ServerWithShop, startWithShop } from '../testing/start-with-shop.ts';

let { server, engine, ann } = {} as ServerWithShop;
beforeEach(async () => {
  ({ server, engine, ann } = await startWithShop('services: { web: { image: nginx } }\n'));
});
afterEach(() => server.close());

const service = sampleService({
  ...{ kind: 'dynamic', image: null, production: true },
  ...{ branch: 'main', commit: 'a', dirty: false, standing: 'behind' },
});

test('what becomes of images without an operation is told between the operations, and once', async () => {
  const { playground, operation } = await ann('playground.start', { body: { playspec: 'shop' } });
  const parameters = { playground: playground?.id ?? '' };
  await engine.report({ operationId: operation?.id ?? '', revision: 1, status: 'succeeded' });
  let revision = 0;
  const told = async (state: NextImage['state']) => {
    const nextImage = { commit: 'b'.repeat(40), state, detail: null };
    const services = [{ ...service, nextImage }];
    await engine.reportPlayground({
      ...{ playgroundId: parameters.playground, revision: ++revision, state: 'running', services },
    });
  };
  const log = async (query: object = {}) =>
    (await ann('playground.logs', { parameters, query: { lifeCycle: 'true', ...query } })).lines?.map(
      ({ text }) => text,
    );
  await told('building');
  await told('building');
  // Of the same millisecond nobody could say what was first.
  await new Promise((resolve) => setTimeout(resolve, 5));
  const rollout = await ann('playground.rollout', { parameters, body: {} });
  expect(rollout.status).toBe(202);
  await told('ready');
  expect(await log()).toEqual([
    'playground.start is asked for',
    'playground.start: succeeded',
    'web: the image of new commit bbbbbbbb is being built ahead of a rollout',
    'playground.rollout is asked for',
    'web: the image of new commit bbbbbbbb is ready: a rollout does not build it',
  ]);
  expect(await log({ tail: 1 })).toEqual([
    'web: the image of new commit bbbbbbbb is ready: a rollout does not build it',
  ]);
});
