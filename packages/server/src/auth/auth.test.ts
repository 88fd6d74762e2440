import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createNodeSqliteDialect } from '../store/node-sqlite-dialect.ts';
import { openStore, type Store } from '../store/store.ts';
import { tokenHashes } from '../store/tokens.ts';
import { ensureAdminToken } from './admin-token.ts';
import { checkOrigin, createAuthenticate } from './authenticate.ts';
import { createToken, hashToken, isToken } from './token.ts';

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'playhouse-auth-'));
  store = await openStore(createNodeSqliteDialect(':memory:'));
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const now = () => new Date(0);

test('the first start writes a token that only its owner can read, and stores only its hash', async () => {
  const file = join(folder, 'admin-token');
  await ensureAdminToken(store, file, now);
  const token = readFileSync(file, 'utf8').trim();
  expect(isToken(token)).toBe(true);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(await tokenHashes(store.database)).toEqual([hashToken(token)]);
});

test('later starts keep the token', async () => {
  const file = join(folder, 'admin-token');
  await ensureAdminToken(store, file, now);
  const before = readFileSync(file, 'utf8');
  await ensureAdminToken(store, file, now);
  expect(readFileSync(file, 'utf8')).toBe(before);
  expect(await tokenHashes(store.database)).toHaveLength(1);
});

test('a missing or damaged file is replaced, and the old token is no longer good', async () => {
  const file = join(folder, 'admin-token');
  await ensureAdminToken(store, file, now);
  const before = readFileSync(file, 'utf8').trim();
  writeFileSync(file, 'ph_');
  await ensureAdminToken(store, file, now);
  expect(await tokenHashes(store.database)).not.toContain(hashToken(before));
  expect(await tokenHashes(store.database)).toHaveLength(1);
});

test('a missing token and a wrong one are told apart', () => {
  const token = createToken();
  const authenticate = createAuthenticate([hashToken(createToken()), hashToken(token)]);
  expect(() => authenticate({ authorization: `Bearer ${token}` }, null)).not.toThrow();
  expect(() => authenticate({}, token)).not.toThrow();
  expect(() => authenticate({}, null)).toThrow(expect.objectContaining({ code: 'token-missing' }));
  expect(() => authenticate({ authorization: 'Basic abc' }, null)).toThrow(
    expect.objectContaining({ code: 'token-missing' }),
  );
  expect(() => authenticate({ authorization: `Bearer ${token}x` }, null)).toThrow(
    expect.objectContaining({ code: 'token-invalid' }),
  );
});

test('a page of another origin is refused; programs and our own page are not', () => {
  const host = '127.0.0.1:7700';
  expect(() => checkOrigin({ host })).not.toThrow();
  expect(() => checkOrigin({ host, origin: `http://${host}` })).not.toThrow();
  for (const origin of ['http://evil.example', 'null', 'http://127.0.0.1:7701']) {
    expect(() => checkOrigin({ host, origin })).toThrow(expect.objectContaining({ code: 'request-invalid' }));
  }
});
