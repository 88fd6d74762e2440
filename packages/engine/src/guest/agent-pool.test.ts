import { userInfo } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type AgentFixture, startAgent } from './agent-fixture.ts';
import { AgentPool } from './agent-pool.ts';
import { GuestAgent } from './guest-agent.ts';
import { startHostileAgent } from './hostile-agent.ts';

const user = userInfo().username;
let fixture: AgentFixture;
let pool: AgentPool;
let connections: number;

beforeAll(async () => void (fixture = await startAgent()), 60_000);
afterAll(() => fixture.stop());
beforeEach(() => {
  connections = 0;
  pool = new AgentPool(async (socket, options) => {
    connections += 1;
    return await GuestAgent.connect(socket, options);
  });
});
afterEach(() => pool.close());

const place = () => ({ socket: fixture.socketPath, machine: 'web', playground: 'p1' });
const patience = { timeoutMs: 5000 };

function say(script: string) {
  return pool.use(place(), patience, async (agent) => {
    const { stdout } = await agent.exec({ argv: ['/bin/sh', '-c', script], user });
    return stdout.trim();
  });
}

test('users at the same time and after each other share one connection', async () => {
  expect(await Promise.all([say('sleep 0.2; echo slow'), say('echo quick')])).toEqual(['slow', 'quick']);
  expect(await say('echo later')).toBe('later');
  expect(connections).toBe(1);
});

test('a lost connection ends the work that used it, and the next user connects again', async () => {
  const cut = say('sleep 30');
  await say('true');
  pool.hangUp(fixture.socketPath);
  await expect(cut).rejects.toMatchObject({ code: 'guest-agent-silent' });
  expect(await say('echo again')).toBe('again');
  expect(connections).toBe(2);
});

test('who gives up waiting does not end the wait of another, and the last one ends the attempt', async () => {
  const ends: string[] = [];
  pool = new AgentPool(
    async (_, { signal }) =>
      await new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => {
          ends.push('aborted');
          reject(new Error('aborted'));
        });
      }),
  );
  const never = async () => await Promise.resolve();
  const short = pool.use(place(), { timeoutMs: 20 }, never);
  const long = pool.use(place(), { timeoutMs: 200 }, never);
  await expect(short).rejects.toMatchObject({
    code: 'guest-agent-silent',
    message: 'The guest agent of machine web did not answer within 0.02 s.',
  });
  expect(ends).toEqual([]);
  await expect(long).rejects.toMatchObject({ code: 'guest-agent-silent' });
  expect(ends).toEqual(['aborted']);
});

test('work that takes too long in all is given up and its command killed, without harm to others', async () => {
  const other = say('sleep 0.5; echo unharmed');
  const slow = pool.use(place(), { ...patience, totalMs: 100 }, async (agent, signal) => {
    return await agent.exec({ argv: ['sleep', '31.4'], user, signal });
  });
  await expect(slow).rejects.toMatchObject({ code: 'guest-agent-silent' });
  expect(await other).toBe('unharmed');
  expect(await say('pgrep -f "^sleep 31.4" || echo none')).toBe('none');
});

test('after silence the next user greets anew, once nobody uses the old connection', async () => {
  const socket = await startHostileAgent(() => undefined);
  const there = { ...place(), socket };
  const ask = () => pool.use(there, { ...patience, totalMs: 50 }, async (agent) => await agent.sync());
  const held = Promise.withResolvers<void>();
  const holder = pool.use(there, patience, async () => await held.promise);
  await expect(ask()).rejects.toMatchObject({ code: 'guest-agent-silent' });
  await expect(ask()).rejects.toMatchObject({ code: 'guest-agent-silent' });
  expect(connections).toBe(1);
  held.resolve();
  await holder;
  await expect(ask()).rejects.toMatchObject({ code: 'guest-agent-silent' });
  expect(connections).toBe(2);
});

test('a cancelled use ends as cancelled', async () => {
  const abort = new AbortController();
  const work = pool.use(place(), { ...patience, signal: abort.signal }, async () => await sleep(10_000));
  abort.abort();
  await expect(work).rejects.toMatchObject({ code: 'cancelled' });
});
