// Whole command lines against a server that speaks the contract: the visible text is the specification.
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FakeApi, type FakeRequest, type FakeRoutes, startFakeApi } from '../../testing/fake-api.ts';
import { runCli } from '../../testing/run-cli.ts';

const createdAt = '2026-01-02T03:00:00.000Z';
const ann = { name: 'ann', admin: false, createdAt };
const token = { name: 'ci', user: 'ann', createdAt, expiresAt: null };

let api: FakeApi;
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'playhouse-cli-'));
});
afterEach(async () => {
  await api.close();
  rmSync(home, { recursive: true });
});

async function cli(
  routes: FakeRoutes,
  words: readonly string[],
  options: { typed?: string; environment?: Record<string, string> } = {},
) {
  api = await startFakeApi(routes);
  return runCli(words, api.endpoint, { home, ...options });
}

const credentials = () => join(home, '.config/playhouse/credentials.json');

test('login keeps a token that the server accepts, readable by its user only', async () => {
  const seen: FakeRequest[] = [];
  const self = (request: FakeRequest) => {
    seen.push(request);
    return { user: ann };
  };
  const environment = { PLAYHOUSE_TOKEN: '' };
  const result = await cli({ 'user.self': self }, ['login'], { typed: ' ph_mine\n', environment });
  expect(result.stdout).toBe(`You are ann on ${api.endpoint}.\n`);
  expect(seen.map((request) => request.token)).toEqual(['ph_mine']);
  expect(JSON.parse(readFileSync(credentials(), 'utf8'))).toEqual({
    endpoint: api.endpoint,
    tokens: { [api.endpoint]: 'ph_mine' },
  });
  expect(statSync(credentials()).mode & 0o777).toBe(0o600);
  const again = await runCli(['whoami', '-o', 'json'], api.endpoint, { home, environment });
  expect(JSON.parse(again.stdout)).toMatchObject({ user: ann, tokenOrigin: credentials() });
});

test('login keeps nothing that the server refuses, and says when the environment comes first', async () => {
  const refuse = () => {
    throw new PlayhouseError('token-invalid');
  };
  const refused = await cli({ 'user.self': refuse }, ['login'], { typed: 'ph_wrong' });
  expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining('not known here')]);
  expect(() => readFileSync(credentials())).toThrow('ENOENT');
  await api.close();
  const empty = await cli({}, ['login'], { typed: ' ' });
  expect(empty.status).toBe(2);
  await api.close();
  const { stdout } = await cli({ 'user.self': () => ({ user: ann }) }, ['login'], { typed: 'ph_mine' });
  expect(stdout).toContain('PLAYHOUSE_TOKEN is set and comes first');
});

test('whoami names user, server and where the token is from', async () => {
  const { stdout } = await cli({ 'user.self': () => ({ user: { ...ann, admin: true } }) }, ['whoami']);
  expect(stdout).toBe(
    `User:        ann, an administrator\nServer:      ${api.endpoint}\nToken from:  PLAYHOUSE_TOKEN\n`,
  );
});

test('users: create, list, remove', async () => {
  const bodies: unknown[] = [];
  const routes: FakeRoutes = {
    'user.create': ({ body }) => {
      bodies.push(body);
      return { user: ann };
    },
    'user.list': () => ({ users: [ann, { ...ann, name: 'root', admin: true }] }),
    'user.remove': () => ({ user: ann }),
  };
  const created = await cli(routes, ['user', 'create', 'ann']);
  expect(created.stdout).toBe('ann is a user now.\n  Make a token:  playhouse token create --user ann\n');
  const list = await runCli(['user', 'ls'], api.endpoint, { home });
  expect(list.stdout).toMatchInlineSnapshot(`
    "NAME   ADMIN   CREATED
    ann    no      4 min ago
    root   yes     4 min ago
    "
  `);
  await runCli(['user', 'create', 'root', '--admin'], api.endpoint, { home });
  expect(bodies).toEqual([
    { name: 'ann', admin: false },
    { name: 'root', admin: true },
  ]);
  const kept = await runCli(['user', 'remove', 'ann'], api.endpoint, { home, typed: 'n' });
  expect(kept.stderr).toBe('Remove the user ann and revoke the tokens? [y/N] Nothing was done.\n');
  const removed = await runCli(['user', 'remove', 'ann', '--force'], api.endpoint, { home });
  expect(removed.stdout).toBe('ann is removed; what ann owned is the administrator’s.\n');
});

test('tokens: create, list, revoke', async () => {
  const seen: FakeRequest[] = [];
  const routes: FakeRoutes = {
    'token.create': (request) => {
      seen.push(request);
      return { token, secret: 'ph_secret' };
    },
    'token.list': () => ({ tokens: [token, { ...token, name: 'old', expiresAt: createdAt }] }),
    'token.revoke': () => ({ token }),
  };
  const created = await cli(routes, ['token', 'create', '--user', 'ann', '--name', 'ci']);
  expect(created.stdout).toMatchInlineSnapshot(`
    "ph_secret

    The token \`ci\` of ann, good until it is revoked. It is not shown again.
      Use it:     playhouse login
      Revoke it:  playhouse token revoke ci --user ann
    "
  `);
  const words = ['token', 'create', '--expires-in', '90', '-q'];
  const quiet = await runCli(words, api.endpoint, { home, environment: { USER: 'ann' } });
  expect(quiet.stdout).toBe('ph_secret\n');
  expect(seen.map(({ parameters, body }) => ({ ...parameters, body }))).toEqual([
    { user: 'ann', body: { name: 'ci' } },
    { user: 'me', body: { name: `ann@${hostname()}`, expiresInDays: 90 } },
  ]);
  const list = await runCli(['token', 'ls'], api.endpoint, { home });
  expect(list.stdout).toMatchInlineSnapshot(`
    "NAME   CREATED     EXPIRES
    ci     4 min ago   never
    old    4 min ago   2026-01-02
    "
  `);
  const revoked = await runCli(['token', 'revoke', 'ci'], api.endpoint, { home });
  expect(revoked.stdout).toBe('The token `ci` of ann opens nothing any more.\n');
});
