import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(() => server.close());

const me = { parameters: { user: 'me' } };

async function bearer(secret = '', url = '/api/me') {
  const response = await server.api.inject({ url, headers: { authorization: `Bearer ${secret}` } });
  return { status: response.statusCode, ...response.json<Record<string, unknown>>() };
}

test('a user is created without a token, gets one that is shown once, and is then somebody', async () => {
  const created = await server.call('user.create', { body: { name: 'ann' } });
  expect(created).toMatchObject({ status: 201, user: { name: 'ann', admin: false } });
  const { status, token, secret } = await server.call('token.create', {
    parameters: { user: 'ann' },
    body: { name: 'laptop' },
  });
  expect([status, token]).toMatchObject([201, { name: 'laptop', user: 'ann', expiresAt: null }]);
  expect(await bearer(secret)).toMatchObject({ status: 200, user: { name: 'ann', admin: false } });
  const listed = await server.call('token.list', { parameters: { user: 'ann' } });
  expect(listed.tokens).toEqual([token]);
  expect(JSON.stringify(listed)).not.toContain(secret);
});

test('names are refused that are taken, reserved or malformed', async () => {
  await server.call('user.create', { body: { name: 'ann' } });
  expect(await server.call('user.create', { body: { name: 'ann' } })).toMatchObject({
    status: 409,
    error: { code: 'user-exists' },
  });
  for (const name of ['me', 'playhouse', 'Ann', '-a', 'a b', 'a'.repeat(33), '']) {
    const { error } = await server.call('user.create', { body: { name } });
    expect([name, error?.code]).toEqual([name, 'request-invalid']);
  }
});

test('users make tokens for themselves; a name is taken once per user', async () => {
  const ann = (await server.as('ann')).call;
  const made = await ann('token.create', { ...me, body: { name: 'ci', expiresInDays: 30 } });
  const { token } = made;
  const days = (Date.parse(token?.expiresAt ?? '') - Date.parse(token?.createdAt ?? '')) / 86_400_000;
  expect([made.status, days]).toEqual([201, 30]);
  expect(await ann('token.create', { ...me, body: { name: 'ci' } })).toMatchObject({
    status: 409,
    error: { code: 'access-token-exists' },
  });
  expect((await ann('token.list', me)).tokens?.map(({ name }) => name)).toEqual(['ci', 'test']);
  const unknown = await server.call('token.create', { parameters: { user: 'cy' }, body: { name: 'x' } });
  expect(unknown).toMatchObject({ status: 404, error: { code: 'user-unknown' } });
});

test('a token that was revoked or has expired opens nothing', async () => {
  const ann = await server.as('ann');
  const { secret } = await ann.call('token.create', { ...me, body: { name: 'old', expiresInDays: 1 } });
  const revoked = await ann.call('token.revoke', { parameters: { user: 'me', token: 'test' } });
  expect(revoked).toMatchObject({ status: 200, token: { name: 'test' } });
  expect(await bearer(ann.token)).toMatchObject({ status: 401, error: { code: 'token-invalid' } });
  // A visitor may look at the catalog; somebody with a token that is no good is told so.
  expect(await bearer(ann.token, '/api/playspecs')).toMatchObject({ error: { code: 'token-invalid' } });
  expect(await bearer(secret)).toMatchObject({ status: 200 });
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 2 * 86_400_000 });
  expect(await bearer(secret)).toMatchObject({ status: 401, error: { code: 'token-expired' } });
  vi.useRealTimers();
});

test('the token in the server’s file is not revoked, because the file would bring it back', async () => {
  const answer = await server.call('token.revoke', { parameters: { user: 'me', token: 'admin' } });
  expect(answer).toMatchObject({ status: 409, error: { code: 'access-token-protected' } });
  const unknown = await server.call('token.revoke', { parameters: { user: 'me', token: 'nope' } });
  expect(unknown).toMatchObject({ status: 404, error: { code: 'access-token-unknown' } });
});

test('a removed user is nobody, and a later one of the same name finds nothing of the first', async () => {
  const engine = await server.connectEngine();
  const ann = await server.as('ann');
  await ann.call('playground.start', { body: { playspec: 'debian' } });
  await engine.next('command');
  expect((await server.call('user.remove', { parameters: { user: 'ann' } })).status).toBe(200);
  expect(await bearer(ann.token)).toMatchObject({ error: { code: 'token-invalid' } });
  const again = await server.as('ann');
  expect((await again.call('playground.list', { query: { all: 'true' } })).playgrounds).toEqual([]);
  expect((await server.call('playground.list')).playgrounds).toMatchObject([{ owner: 'admin' }]);
});

test('the first administrator stays', async () => {
  for (const user of ['admin', 'me']) {
    const answer = await server.call('user.remove', { parameters: { user } });
    expect(answer).toMatchObject({ status: 409, error: { code: 'user-protected' } });
  }
  expect((await server.call('user.list')).users).toMatchObject([{ name: 'admin', admin: true }]);
});
