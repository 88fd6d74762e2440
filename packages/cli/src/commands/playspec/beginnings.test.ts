// Command lines about playspecs that begin with a snapshot, against a server that speaks the contract.
import type { Operation } from '@playhouse/contract/operation';
import type { PlayspecPage } from '@playhouse/contract/playspec';
import { afterEach, expect, test } from 'vitest';
import { type FakeApi, type FakeRoutes, startFakeApi } from '../../testing/fake-api.ts';
import { type CliResult, runCli } from '../../testing/run-cli.ts';
import { sampleOperation, samplePlayground } from '../../testing/samples.ts';

let api: FakeApi | null = null;
afterEach(async () => {
  await api?.close();
  api = null;
});

async function cli(routes: FakeRoutes, line: string): Promise<CliResult> {
  api = await startFakeApi(routes);
  const result = await runCli(line.split(' '), api.endpoint);
  await api.close();
  api = null;
  return result;
}

const snapshotId = '65f0c1d2e3a4b5c6d7e8f9aa';
const cut: Operation = { ...sampleOperation, id: snapshotId, kind: 'playground.snapshot' };
const failed = { code: 'snapshot-failed', message: 'It could not be cut.', hint: 'It runs on.' };

const page: PlayspecPage = {
  name: 'saved',
  version: 2,
  kind: 'machines',
  title: 'Saved',
  description: '',
  categories: [],
  cover: null,
  flexible: false,
  origin: null,
  base: 'debian',
  owner: 'ann',
  accessControl: { canList: ['owner'], canRead: ['owner'], canStart: ['owner'] },
  saved: { snapshotId, memory: true, state: 'making' },
  prewarm: null,
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
  markdown: '',
};

test('a playground is saved as a playspec', async () => {
  const bodies: unknown[] = [];
  const routes: FakeRoutes = {
    'playspec.save': ({ body }) => {
      bodies.push(body);
      return { playspec: page, operation: cut };
    },
    'playspec.get': () => ({ playspec: page }),
  };
  expect((await cli(routes, 'playspec save saved --from 42 --memory --update')).stdout).toBe(
    'saved is saved as version 2; with memory: its starts go on where it was.\n  Start it: playhouse playground start saved\n',
  );
  expect(bodies).toEqual([{ name: 'saved', memory: true, update: true }]);
  expect((await cli(routes, 'playspec save saved')).stderr).toContain('--from PLAYGROUND');
  expect((await cli(routes, 'playspec show saved')).stdout).toContain(
    `Begins with:  snapshot ${snapshotId}, with memory, being saved`,
  );
});

test('a prewarming is followed over its start and its cut to its end', async () => {
  const states = ['making', 'making', 'ready'] as const;
  let asked = 0;
  const warm = (state: 'making' | 'ready' | 'failed'): PlayspecPage => ({
    ...page,
    saved: null,
    prewarm: {
      state,
      snapshotId: null,
      playgroundId: samplePlayground.id,
      operationId: snapshotId,
      error: state === 'failed' ? failed : null,
      spare: null,
    },
  });
  const routes: FakeRoutes = {
    'playspec.prewarm': () => ({
      playspec: warm('making'),
      playground: samplePlayground,
      operation: sampleOperation,
    }),
    'playspec.get': () => ({ playspec: warm(states[asked++] ?? 'failed') }),
    'operation.get': () => ({ operation: cut }),
    'playspec.drop-prewarm': () => ({ playspec: { ...page, prewarm: null } }),
  };
  const { stdout, stderr } = await cli(routes, 'playspec prewarm saved');
  expect(stdout).toBe(
    'saved is prewarmed: its starts go on from there.\n  Try it: playhouse playground start saved\n',
  );
  expect(stderr).toContain('Cutting it with its memory');
  const broken = await cli(routes, 'playspec prewarm saved');
  expect([broken.status, broken.stdout]).toEqual([1, '']);
  expect(broken.stderr).toContain('It could not be cut.');
  expect((await cli(routes, 'playspec prewarm saved --drop')).stdout).toContain('not prewarmed any more');
});

test('a spare copy is waited for, or told why there is none', async () => {
  const bodies: unknown[] = [];
  let states: readonly ('waiting' | 'making' | 'ready' | 'failed')[] = ['waiting', 'making', 'ready'];
  let asked = 0;
  const withSpare = (state: 'waiting' | 'making' | 'ready' | 'failed'): PlayspecPage => ({
    ...page,
    saved: null,
    prewarm: {
      ...{ state: 'ready', snapshotId, playgroundId: null, operationId: null, error: null },
      spare: { state, playgroundId: null, operationId: null, error: state === 'failed' ? failed : null },
    },
  });
  const routes: FakeRoutes = {
    'playspec.keep-spare': ({ body }) => {
      bodies.push(body);
      return { playspec: withSpare('waiting') };
    },
    'playspec.get': () => ({ playspec: withSpare(states[asked++] ?? 'ready') }),
  };
  const { stdout, stderr } = await cli(routes, 'playspec spare saved');
  expect(stdout).toBe(
    'A spare copy of saved stands by for the next start.\n  Try it: playhouse playground start saved\n',
  );
  expect(stderr).toContain('Making a spare copy of saved');
  [states, asked] = [['failed'], 0];
  const broken = await cli(routes, 'playspec spare saved');
  expect([broken.status, broken.stdout]).toEqual([1, '']);
  expect(broken.stderr).toContain('It could not be cut.');
  expect((await cli(routes, 'playspec spare saved --no-wait')).stdout).toContain(
    'A spare copy of saved is being made',
  );
  expect((await cli(routes, 'playspec spare saved --drop')).stdout).toContain(
    'No spare copy of saved stands by',
  );
  expect(bodies).toEqual([true, true, true, false].map((wanted) => ({ wanted })));
  [states, asked] = [['ready'], 0];
  expect((await cli(routes, 'playspec show saved')).stdout).toContain(
    'stands by: the next start takes it over',
  );
});
