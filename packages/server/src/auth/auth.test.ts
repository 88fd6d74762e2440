import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createNodeSqliteDialect } from '../store/node-sqlite-dialect.ts';
import { newStoreKey } from '../store/store-fixtures.ts';
import { openStore, type Store } from '../store/store.ts';
import { addToken, findTokenByHash, listTokens } from '../store/tokens.ts';
import { ensureAdminToken } from './admin-token.ts';
import { checkOrigin, createAuthenticate } from './authenticate.ts';
import { createToken, hashToken, isToken } from './token.ts';

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'playhouse-auth-'));
  store = await openStore(createNodeSqliteDialect(':memory:'), newStoreKey());
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
  expect(await findTokenByHash(store.database, hashToken(token))).toMatchObject({
    user: { name: 'admin', admin: true },
    token: { name: 'admin', user: 'admin', expiresAt: null },
  });
  const rows = await store.database.selectFrom('access_tokens').selectAll().execute();
  expect(JSON.stringify(rows)).not.toContain(token);
});

test('later starts keep the token', async () => {
  const file = join(folder, 'admin-token');
  await ensureAdminToken(store, file, now);
  const before = readFileSync(file, 'utf8');
  await ensureAdminToken(store, file, now);
  expect(readFileSync(file, 'utf8')).toBe(before);
  expect(await listTokens(store.database, 'admin')).toHaveLength(1);
});

test('a missing or damaged file is replaced, and the old token is no longer good', async () => {
  const file = join(folder, 'admin-token');
  await ensureAdminToken(store, file, now);
  const before = readFileSync(file, 'utf8').trim();
  writeFileSync(file, 'ph_');
  await ensureAdminToken(store, file, now);
  expect(await findTokenByHash(store.database, hashToken(before))).toBeNull();
  expect(await listTokens(store.database, 'admin')).toHaveLength(1);
});

test('a request is told apart by its token: none, a good one, a wrong one, one that has expired', async () => {
  const [good, old] = [createToken(), createToken()];
  const token = { user: 'admin', createdAt: now().toISOString() };
  await addToken(store.database, { ...token, name: 'good', hash: hashToken(good), expiresAt: null });
  const expiresAt = now().toISOString();
  await addToken(store.database, { ...token, name: 'old', hash: hashToken(old), expiresAt });
  const authenticate = createAuthenticate(store.database, now);
  const login = { user: { name: 'admin' }, token: { name: 'good' } };
  expect(await authenticate({ authorization: `Bearer ${good}` }, null)).toMatchObject(login);
  expect(await authenticate({}, good)).toMatchObject(login);
  expect(await authenticate({}, null)).toBeNull();
  expect(await authenticate({ authorization: 'Basic abc' }, null)).toBeNull();
  for (const wrong of [`${good}x`, createToken(), hashToken(good)]) {
    const refused = authenticate({ authorization: `Bearer ${wrong}` }, null);
    await expect(refused).rejects.toMatchObject({ code: 'token-invalid' });
  }
  await expect(authenticate({}, old)).rejects.toMatchObject({ code: 'token-expired' });
});

test('a page of another origin is refused; programs and our own page are not', () => {
  const host = '127.0.0.1:7700';
  expect(() => checkOrigin({ host })).not.toThrow();
  expect(() => checkOrigin({ host, origin: `http://${host}` })).not.toThrow();
  for (const origin of ['http://evil.example', 'null', 'http://127.0.0.1:7701']) {
    expect(() => checkOrigin({ host, origin })).toThrow(expect.objectContaining({ code: 'request-invalid' }));
  }
});
