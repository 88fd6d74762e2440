// Whose credentials they are is said to the engine by an id: a name may be somebody else's later.
import type { Credential } from '@playhouse/contract/credential';
import type { Answer, Question } from '@playhouse/contract/link/question';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TestEngine } from '../testing/test-engine.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
/** What the engine has, as the real one keeps it: by what it is told is the owner. */
const kept = new Map<string, Credential[]>();
const owners = (): string[] => [...kept.keys()];

beforeEach(async () => {
  server = await startTestServer();
  kept.clear();
});
afterEach(() => server.close());

function answer(question: Question): Answer | null {
  if (question.kind === 'credential.add') {
    const { name, kind, place } = question.credential;
    const credential = {
      name,
      kind,
      place,
      username: null,
      publicKey: null,
      since: '2026-01-01T00:00:00.000Z',
    };
    kept.set(question.owner, [...(kept.get(question.owner) ?? []), credential]);
  }
  if (question.kind !== 'credential.add' && question.kind !== 'credential.list') return null;
  return { kind: question.kind, credentials: kept.get(question.owner) ?? [] };
}

async function connect(): Promise<TestEngine> {
  const engine = await server.connectEngine();
  engine.answers = answer;
  return engine;
}

const body = (name: string) => ({
  ...{ name, kind: 'token' as const, place: 'https://git.example.org', secret: 'very-secret' },
});
const bobIsGone = async () => await server.call('user.remove', { parameters: { user: 'bob' } });

test('a forget that is sent again after the next of that name has saved something takes nothing of it', async () => {
  const first = await connect();
  const bob = await server.as('bob');
  await bob.call('credential.add', { body: body('old') });
  await bobIsGone();
  const forget = await first.nextOf('credential.forget');
  kept.delete(forget.owner);
  expect(owners()).toEqual([]);
  const next = await server.as('bob');
  await next.call('credential.add', { body: body('new') });
  // The acknowledgement was lost with the link.
  await first.disconnect();

  const again = await connect();
  expect(await again.nextOf('credential.forget')).toEqual(forget);
  kept.delete(forget.owner);
  expect((await next.call('credential.list')).credentials).toMatchObject([{ name: 'new' }]);
});

test('who gets a name sees nothing of who had it, even of an engine that was away and has not forgotten yet', async () => {
  const first = await connect();
  const bob = await server.as('bob');
  await bob.call('credential.add', { body: body('old') });
  await first.disconnect();
  await bobIsGone();
  const next = await server.as('bob');
  await connect();
  expect(owners()).toEqual([bob.id]);
  expect((await next.call('credential.list')).credentials).toEqual([]);
  expect((await next.call('credential.add', { body: body('new') })).credentials).toMatchObject([
    { name: 'new' },
  ]);
});

test('every user that is made gets an id of their own, which is not shown', async () => {
  const engine = await connect();
  const forgotten: string[] = [];
  for (let turn = 0; turn < 2; turn += 1) {
    const { user } = await server.call('user.create', { body: { name: 'bob' } });
    expect(Object.keys(user ?? {}).toSorted()).toEqual(['admin', 'createdAt', 'name']);
    await bobIsGone();
    forgotten.push((await engine.nextOf('credential.forget')).owner);
  }
  expect(new Set(forgotten).size).toBe(2);
  expect(forgotten.join('')).toMatch(/^[0-9a-f]{48}$/);
});

test('a playground is started with its owner’s credentials, and goes on with those of who owns it then', async () => {
  const engine = await connect();
  const bob = await server.as('bob');
  const manifest = 'services: { web: { image: nginx } }\n';
  await bob.call('playspec.create', { body: { name: 'shop', manifestFile: 'shop.yaml', manifest } });
  const started = await bob.call('playground.start', { body: { playspec: 'shop' } });
  expect((await engine.nextOf('services.start')).playground.owner).toBe(bob.id);
  await engine.report({ operationId: started.operation?.id ?? '', revision: 1, status: 'succeeded' });
  const parameters = { playground: started.playground?.id ?? '' };
  await bob.call('playground.rollout', { parameters, body: {} });
  const rollout = await engine.nextOf('services.rollout');
  expect(rollout.playground.owner).toBe(bob.id);
  await engine.report({ operationId: rollout.operationId, revision: 1, status: 'succeeded' });

  expect((await server.call('playground.fork', { parameters, body: {} })).status).toBe(202);
  const fork = await engine.nextOf('services.start');
  expect(fork.playground).toMatchObject({ owner: 'admin', from: { snapshotId: expect.any(String) } });

  await bobIsGone();
  const next = await server.as('bob');
  expect((await next.call('playground.list')).playgrounds).toEqual([]);
  await server.call('playground.rollout', { parameters, body: {} });
  expect((await engine.nextOf('services.rollout')).playground.owner).toBe('admin');
});

test('a preview asks repositories with the caller’s credentials', async () => {
  const engine = await connect();
  const bob = await server.as('bob');
  const manifest = 'services: { web: { image: nginx } }\n';
  await bob.call('playspec.create', { body: { name: 'shop', manifestFile: 'shop.yaml', manifest } });
  const preview = bob.call('playground.preview', { body: { playspec: 'shop' } });
  const { question } = await engine.next('question');
  expect(question).toMatchObject({ kind: 'services.preview', order: { owner: bob.id } });
  await engine.disconnect();
  expect((await preview).error?.code).toBe('engine-down');
});
