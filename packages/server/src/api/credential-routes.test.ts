import type { Answer, Question } from '@playhouse/contract/link/question';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { type Call, startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let ann: Call;
let annId: string;
const asked: Question[] = [];

const kept = {
  ...{ name: 'git', kind: 'token' as const, place: 'https://git.example.org', username: null },
  ...{ publicKey: null, since: '2026-01-01T00:00:00.000Z' },
};

function answer(question: Question): Answer | null {
  asked.push(question);
  const { kind } = question;
  if (kind === 'credential.add' || kind === 'credential.list') return { kind, credentials: [kept] };
  if (kind === 'credential.remove') return { kind, credentials: [] };
  return null;
}

beforeEach(async () => {
  server = await startTestServer();
  (await server.connectEngine()).answers = answer;
  ({ call: ann, id: annId } = await server.as('ann'));
  asked.length = 0;
});
afterEach(() => server.close());

const body = { name: 'git', kind: 'token' as const, place: 'https://git.example.org', secret: 'very-secret' };

test('credentials are the caller’s, whoever that is, and their secrets are shown to nobody', async () => {
  const added = await ann('credential.add', { body });
  expect(added).toMatchObject({ status: 200, credentials: [kept] });
  await server.call('credential.list');
  await ann('credential.remove', { parameters: { name: 'git' } });
  expect(asked).toEqual([
    { kind: 'credential.add', owner: annId, credential: { ...body, username: '', knownHosts: '' } },
    { kind: 'credential.list', owner: 'admin' },
    { kind: 'credential.remove', owner: annId, name: 'git' },
  ]);
  expect(JSON.stringify(added)).not.toContain('very-secret');
});

test.each([
  { ...body, name: 'Not a name' },
  { ...body, kind: 'password' },
  { ...body, secret: '' },
  { ...body, owner: 'bob' },
])('%j is refused', async (wrong) => {
  expect((await ann('credential.add', { body: wrong as typeof body })).status).toBe(400);
  expect(asked).toEqual([]);
});

test('without an engine nothing is kept; without a token nobody is told anything', async () => {
  expect((await server.visitor('credential.list')).status).toBe(401);
  expect(asked).toEqual([]);
});

test('an engine that is there hears that somebody is to be forgotten before it is asked for what they have', async () => {
  const one = await startTestServer();
  onTestFinished(async () => await one.close());
  const engine = await one.connectEngine();
  engine.answers = answer;
  const heard: unknown[] = [];
  engine.socket.on('message', (data: Buffer) =>
    heard.push((JSON.parse(data.toString()) as { type: string }).type),
  );
  const bob = await one.as('bob');
  await one.call('user.remove', { parameters: { user: 'bob' } });
  await one.call('credential.list');
  expect(heard).toEqual(['command', 'question']);
  expect((await bob.call('credential.list')).status).toBe(401);
});
