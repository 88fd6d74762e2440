import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import { TestPlayroom } from '../testing/playroom.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { Playguard } from './playguard.ts';

const hourMs = 3_600_000;
let clock = Date.parse('2026-01-01T00:00:00.000Z');
let server: TestServer;
let room: TestPlayroom;
afterEach(() => server.close());

async function open(drillEveryMs: number): Promise<void> {
  server = await startTestServer({ drillEveryMs, now: () => new Date(clock) });
  room = new TestPlayroom(await server.connectEngine());
}
const look = async () => await new Playguard(server.plane, pino({ level: 'silent' })).tick();
const drills = async () =>
  (await server.call('operation.list')).operations?.filter(({ kind }) => kind === 'vault.drill').length;

test('the vault is drilled once in each interval, whichever Playguard looks, and never two at a time', async () => {
  await open(24 * hourMs);
  await look();
  expect(await drills()).toBe(0);
  await server.call('playground.start', { body: { playspec: 'debian' } });
  await room.start();
  clock += 23 * hourMs;
  await look();
  expect(await drills()).toBe(0);
  clock += hourMs;
  await Promise.all([look(), look()]);
  expect(await drills()).toBe(1);
  const { operationId, snapshotId } = await room.take('vault.drill');
  expect(snapshotId).toBeNull();
  clock += 25 * hourMs;
  await look();
  expect(await drills()).toBe(1);
  await room.succeed(operationId);
  await look();
  expect(await drills()).toBe(2);
});

test('a drill can be asked for at any time; 0 is never by itself', async () => {
  await open(0);
  const { operation } = await server.call('vault.drill', { body: {} });
  expect(operation).toMatchObject({ kind: 'vault.drill', subject: { kind: 'vault' } });
  await room.succeed((await room.take('vault.drill')).operationId);
  clock += 1000 * hourMs;
  await look();
  expect(await drills()).toBe(1);
  const unknown = { snapshotId: 'f'.repeat(24) };
  expect((await server.call('vault.drill', { body: unknown })).error?.code).toBe('snapshot-unknown');
});
