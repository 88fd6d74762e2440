import { sampleService } from '@playhouse/contract/compose/testing/sample-service';
import type { Service } from '@playhouse/contract/service';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TestEngine } from '../testing/test-engine.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { hasDrifted, tendDrift } from './tend-drift.ts';

const logger = pino({ level: 'silent' });
let clock: number;
let server: TestServer;
let engine: TestEngine;
let revision = 0;

beforeEach(async () => {
  clock = Date.parse('2026-01-01T00:00:00.000Z');
  server = await startTestServer({ now: () => new Date(clock) });
  engine = await server.connectEngine();
});
afterEach(() => server.close());

const service = sampleService();

async function running(): Promise<string> {
  const manifest = 'services: { web: { image: "w:1" } }\n';
  await server.call('playspec.create', { body: { name: 'shop', manifest } });
  const { playground, operation } = await server.call('playground.start', { body: { playspec: 'shop' } });
  await engine.report({ operationId: operation?.id ?? '', revision: ++revision, status: 'succeeded' });
  return playground?.id ?? '';
}

async function report(playgroundId: string, drift: Service['drift']): Promise<void> {
  const services = [{ ...service, drift }];
  await engine.reportPlayground({ playgroundId, revision: ++revision, state: 'running', services });
}

const heals = async () =>
  (await server.call('operation.list')).operations?.flatMap(({ kind, status }) =>
    kind === 'playground.heal' ? status : [],
  );

test('what drifted is healed, once in ten minutes, and by nothing that is new', async () => {
  const id = await running();
  await report(id, null);
  await tendDrift(server.plane, logger);
  expect(await heals()).toEqual([]);

  await report(id, 'missing');
  await Promise.all([tendDrift(server.plane, logger), tendDrift(server.plane, logger)]);
  await tendDrift(server.plane, logger);
  expect(await heals()).toEqual(['pending']);
  const command = await engine.nextOf('services.rollout');
  expect(command).toMatchObject({
    heal: true,
    hard: false,
    playground: { id, variables: {}, environment: {} },
  });
  const shown = await server.call('playground.get', { parameters: { playground: id } });
  expect(shown.playground).toMatchObject({ status: 'running', services: [{ drift: 'missing' }] });

  const { operationId = '' } = { ...shown.playground };
  await engine.report({ operationId, revision: ++revision, status: 'failed' });
  await report(id, 'other-image');
  await tendDrift(server.plane, logger);
  expect(await heals()).toEqual(['failed']);
  clock += 10 * 60_000;
  await tendDrift(server.plane, logger);
  expect(await heals()).toEqual(['pending', 'failed']);
});

test('nothing is healed while the engine is away, or while something is made of the playground', async () => {
  const id = await running();
  await report(id, 'missing');
  const parameters = { playground: id };
  const rollout = await server.call('playground.rollout', { parameters, body: {} });
  await tendDrift(server.plane, logger);
  await engine.report({
    operationId: rollout.operation?.id ?? '',
    revision: ++revision,
    status: 'succeeded',
  });
  await engine.disconnect();
  await expect.poll(() => server.plane.engine.connected).toBe(false);
  await tendDrift(server.plane, logger);
  expect(await heals()).toEqual([]);
});

test('only what runs can have drifted', () => {
  const services = [{ ...service, drift: 'missing' as const }];
  expect(hasDrifted({ status: 'running', services })).toBe(true);
  expect(hasDrifted({ status: 'has_changes', services })).toBe(true);
  for (const status of ['stopped', 'error', 'destroying', 'in_progress', 'completed'] as const)
    expect(hasDrifted({ status, services })).toBe(false);
});
