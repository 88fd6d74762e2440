import { afterEach, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

const began = Date.parse('2026-01-01T00:00:00.000Z');
const parameters = { playground: '1' };
let clock = began;
let server: TestServer;
afterEach(() => server.close());

const job = `
x-playgrounds: { metadata: { job_mode: true } }
services: { work: { image: x, labels: { playgrounds.job_watch: "true" } } }
`;

async function open(lifetimes: { standard: number | null; longest?: number | null } = { standard: null }) {
  clock = began;
  server = await startTestServer({ lifetimes, now: () => new Date(clock) });
  await server.connectEngine();
  await server.call('playspec.create', { body: { name: 'job', manifestFile: 'job.yaml', manifest: job } });
}
const start = async (playspec: string, lifetimeSeconds?: number | null) =>
  await server.call('playground.start', { body: { playspec, lifetimeSeconds } });
const extend = async (more: object = {}) =>
  await server.call('playground.lifetime', { parameters, body: { extend: true, ...more } });

test('a job gets another hour when nobody says how much', async () => {
  await open();
  await start('job');
  expect((await extend()).playground).toMatchObject({ expiresAt: '2026-01-01T02:00:00.000Z' });
  expect((await extend({ onExpiry: 'stop' })).playground).toMatchObject({
    ...{ expiresAt: '2026-01-01T03:00:00.000Z', onExpiry: 'stop' },
  });
});

test('what is over is extended from now', async () => {
  await open();
  await start('job', 60);
  clock += 600_000;
  expect((await extend()).playground?.expiresAt).toBe('2026-01-01T01:10:00.000Z');
});

test('other playgrounds get the default of the server', async () => {
  await open({ standard: 1800 });
  await start('debian', 600);
  expect((await extend()).playground?.expiresAt).toBe('2026-01-01T00:40:00.000Z');
});

test('without a default it is refused, with the form to use', async () => {
  await open();
  await start('debian', 600);
  const refused = await extend();
  expect(refused).toMatchObject({ status: 422, error: { code: 'extension-unsaid' } });
  expect(refused.error?.hint).toContain('playhouse playground lifetime pg-1-debian +1h');
  const { playground } = await server.call('playground.get', { parameters });
  expect(playground?.expiresAt).toBe('2026-01-01T00:10:00.000Z');
});

test('a job that nobody gave a lifetime has the longest that is allowed when that is less than an hour', async () => {
  await open({ standard: null, longest: 600 });
  expect((await start('job')).playground?.lifetimeSeconds).toBe(600);
  expect((await extend()).error?.code).toBe('lifetime-too-long');
});
