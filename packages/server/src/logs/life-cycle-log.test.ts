import type { NextImage, Service } from '@playhouse/contract/service';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TestEngine } from '../testing/test-engine.ts';
import { type Call, startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let engine: TestEngine;
let ann: Call;
beforeEach(async () => {
  server = await startTestServer();
  engine = await server.connectEngine();
  ann = (await server.as('ann')).call;
  const manifest = 'services: { web: { image: nginx } }\n';
  await ann('playspec.create', { body: { name: 'shop', manifestFile: 'shop.yaml', manifest } });
});
afterEach(() => server.close());

const service: Service = {
  ...{ name: 'web', kind: 'dynamic', state: 'running', image: null, url: null, visibility: null },
  ...{ exitCode: null, healthOutput: null, branch: 'main', commit: 'a', dirty: false, maintenance: null },
  ...{
    standing: 'behind',
    standingDetail: null,
    endDetail: null,
    kept: null,
    watched: false,
    drift: null,
    production: true,
  },
  nextImage: null,
};

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
