import { createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { enginePaths } from '../../system/engine-paths.ts';
import { temporaryDirectory } from '../../system/testing/temporary-directory.ts';
import { sampleId, samplePlayground } from '../../testing/sample-playground.ts';
import { planPlayground } from '../playground-plan.ts';
import type { PlayroomTools } from '../playroom-tools.ts';
import { type Answer, knock } from './knock.ts';
import { untilSshAnswers } from './until-ssh-answers.ts';

const bootTimeoutMs = 60_000;
const knockMs = 1000;

/**
 * Waits for a machine that gives these answers in turn, one a second, the last for ever; its image has an SSH server or has
 * none, or it was baked. Gives the seconds that it took, and the error that ended it.
 */
async function wait(image: { sshServer: string | null } | null, answers: readonly Answer[]) {
  const record = samplePlayground();
  const settings = { devices: 'ph1a2b-', edgeRange: '100.64.0.0/10' };
  const [web] = planPlayground(record, settings).machines;
  if (web === undefined) throw new Error('the sample has no machine');
  const tools = {
    paths: enginePaths({ stateDirectory: await temporaryDirectory() }),
    records: { get: () => record },
    sources: { describe: async () => ({ image }) },
    bootTimeoutMs: () => bootTimeoutMs,
  } as unknown as PlayroomTools;
  let knocks = 0;
  const rhythm = {
    knock: async () => answers[Math.min(knocks++, answers.length - 1)] ?? 'silence',
    now: () => knocks * knockMs,
    pauseMs: 0,
    refusedMs: 10_000,
  };
  const { signal } = new AbortController();
  const error = await untilSshAnswers({ tools, id: sampleId }, web, 1, signal, rhythm).catch(
    (thrown: unknown) => thrown,
  );
  return { seconds: knocks, error };
}

const none = { sshServer: null };
const some = { sshServer: '/usr/sbin/sshd' };

test('a machine is waited for until its sshd greets', async () => {
  expect(await wait(some, ['silence', 'refusal', 'greeting'])).toEqual({ seconds: 3, error: undefined });
});

test('an image without sshd is named once its machine has refused for a while, not at the time-out', async () => {
  const { seconds, error } = await wait(none, ['silence', 'silence', 'refusal']);
  expect(seconds).toBe(13);
  expect(error).toMatchObject({
    code: 'machine-without-sshd',
    message: expect.stringMatching(/after 13 s; .* there is no \/usr\/sbin\/sshd\./),
  });
});

test('refusals count without a break only, and a server that was overlooked is welcome', async () => {
  const broken: Answer[] = Array.from({ length: 40 }, (_, at) => (at % 8 === 0 ? 'silence' : 'refusal'));
  expect(await wait(none, [...broken, 'greeting'])).toEqual({ seconds: 41, error: undefined });
});

test.each([
  ['an image with sshd', some, 'refusal', 'machine-without-sshd', 'refuses connections'],
  ['a source that was baked', null, 'refusal', 'machine-without-sshd', 'refuses connections'],
  ['an image with sshd', some, 'silence', 'machine-boot-timeout', 'within 61 s. Nothing comes back'],
  ['an image with sshd', some, 'mute', 'machine-boot-timeout', 'no SSH server greets'],
  ['an image without sshd', none, 'silence', 'machine-without-sshd', 'there is no /usr/sbin/sshd'],
] as const)('%s (%o) that answers with %s has until the time-out', async (_, image, answer, code, says) => {
  const { seconds, error } = await wait(image, [answer]);
  expect(seconds).toBe(61);
  expect(error).toMatchObject({ code, message: expect.stringContaining(says) });
});

/** A server on a port of its own that does this with each connection. */
async function listening(greet: (socket: Socket) => void) {
  const server = createServer(greet).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  return { server, port: typeof address === 'object' ? (address?.port ?? 0) : 0 };
}

const { signal } = new AbortController();

test('a knock tells a greeting, another server and a closed port apart', async () => {
  let says = 'SSH-2.0-x\r\n';
  const { server, port } = await listening((socket) => socket.end(says));
  expect(await knock('127.0.0.1', port, signal)).toBe('greeting');
  says = 'hello';
  expect(await knock('127.0.0.1', port, signal)).toBe('mute');
  server.close();
  await once(server, 'close');
  expect(await knock('127.0.0.1', port, signal)).toBe('refusal');
});

test('a server that took the connection has long to greet: a busy machine is not made busier by more calls', async () => {
  let calls = 0;
  const { port } = await listening((socket) => {
    calls += 1;
    setTimeout(() => socket.end('SSH-2.0-slow\r\n'), 100);
  });
  expect(await knock('127.0.0.1', port, signal, { connectMs: 20, greetingMs: 60_000 })).toBe('greeting');
  expect(await knock('127.0.0.1', port, signal, { connectMs: 60_000, greetingMs: 20 })).toBe('mute');
  expect(calls).toBe(2);
});

test('an abort ends a knock that waits for a greeting', async () => {
  const given = new AbortController();
  const { port } = await listening(() => given.abort());
  expect(['mute', 'silence']).toContain(await knock('127.0.0.1', port, given.signal));
});
