import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findAccess } from './access.ts';
import { credentialsFile, readCredentials, settingsDirectory, writeCredentials } from './credentials.ts';

let home = '';
let environment: Record<string, string> = {};
const endpoint = 'http://127.0.0.1:7700';

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'playhouse-access-'));
  environment = { HOME: home };
});
afterEach(() => rmSync(home, { recursive: true }));

async function store(token = 'stored', at = endpoint): Promise<void> {
  await writeCredentials(settingsDirectory(environment), at, token);
}

/** A local installation whose admin token we can read. */
function install(port: number): void {
  mkdirSync(join(home, 'state/server'), { recursive: true });
  writeFileSync(join(home, 'state/server/admin-token'), 'admin\n');
  Object.assign(environment, {
    PLAYHOUSE_STATE_DIRECTORY: join(home, 'state'),
    PLAYHOUSE_SERVER_PORT: String(port),
  });
}

test('the environment comes first, then the token file, then the stored token', async () => {
  await store();
  expect(await findAccess(environment, null)).toMatchObject({ endpoint, token: 'stored' });
  writeFileSync(join(home, 'token'), 'from-file\n');
  environment['PLAYHOUSE_TOKEN_FILE'] = join(home, 'token');
  expect(await findAccess(environment, null)).toMatchObject({ token: 'from-file' });
  environment['PLAYHOUSE_TOKEN'] = 'direct';
  expect(await findAccess(environment, null)).toMatchObject({
    token: 'direct',
    tokenOrigin: 'PLAYHOUSE_TOKEN',
  });
});

test('--endpoint comes before PLAYHOUSE_ENDPOINT before the stored one', async () => {
  await store('one', 'http://stored:1');
  environment['PLAYHOUSE_ENDPOINT'] = 'http://from-env:2/';
  expect((await findAccess(environment, 'http://option:3')).endpoint).toBe('http://option:3');
  expect((await findAccess(environment, null)).endpoint).toBe('http://from-env:2');
  delete environment['PLAYHOUSE_ENDPOINT'];
  expect((await findAccess(environment, null)).endpoint).toBe('http://stored:1');
});

test('a stored token never goes to another server', async () => {
  await store();
  expect(await findAccess(environment, 'http://elsewhere:1')).toMatchObject({
    token: null,
    tokenOrigin: null,
  });
});

test('the admin token of the local installation is the last resort', async () => {
  install(7701);
  const file = join(home, 'state/server/admin-token');
  expect(await findAccess(environment, null)).toEqual({
    endpoint: 'http://127.0.0.1:7701',
    token: 'admin',
    tokenOrigin: file,
  });
});

test('an installation named by the environment comes before the stored server', async () => {
  await store();
  install(7702);
  expect(await findAccess(environment, null)).toMatchObject({
    endpoint: 'http://127.0.0.1:7702',
    token: 'admin',
  });
});

test('an endpoint that is none, and a token file that is missing, are errors', async () => {
  await expect(findAccess(environment, 'localhost')).rejects.toMatchObject({ code: 'usage' });
  environment['PLAYHOUSE_TOKEN_FILE'] = join(home, 'nothing');
  await expect(findAccess(environment, endpoint)).rejects.toMatchObject({ code: 'file-unreadable' });
});

test('credentials are private, keep other servers’ tokens, and are not rewritten in vain', async () => {
  const directory = settingsDirectory(environment);
  expect(await writeCredentials(directory, 'http://a:1', 'one')).toBe(true);
  expect(await writeCredentials(directory, 'http://b:2', 'two')).toBe(true);
  expect(await writeCredentials(directory, 'http://b:2', 'two')).toBe(false);
  expect(await readCredentials(directory)).toEqual({
    endpoint: 'http://b:2',
    tokens: { 'http://a:1': 'one', 'http://b:2': 'two' },
  });
  expect(statSync(credentialsFile(directory)).mode & 0o777).toBe(0o600);
});

test('damaged credentials count as none', async () => {
  const directory = settingsDirectory(environment);
  mkdirSync(directory, { recursive: true });
  writeFileSync(credentialsFile(directory), '{');
  expect(await readCredentials(directory)).toBeNull();
});
