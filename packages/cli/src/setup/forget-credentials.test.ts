import { existsSync } from 'node:fs';
import { chown, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readCredentials, writeCredentials } from '../connection/credentials.ts';
import { forgetCredentials } from './forget-credentials.ts';
import { noteCredentials } from './user-settings.ts';

const isRoot = process.getuid?.() === 0;
const uid = isRoot ? 65_534 : (process.getuid?.() ?? 0);
const gid = isRoot ? 65_534 : (process.getgid?.() ?? 0);
const endpoint = 'http://127.0.0.1:7700';
let folder = '';
let environment: Record<string, string> = {};
let settings: readonly [string, string] = ['', ''];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'playhouse-home-'));
  const [root, home] = [join(folder, 'root'), join(folder, 'home')];
  await Promise.all([mkdir(root), mkdir(home)]);
  await chown(home, uid, gid);
  environment = { HOME: root, SUDO_USER: 'alice' };
  settings = [join(root, '.config/playhouse'), join(home, '.config/playhouse')];
});
afterEach(async () => rm(folder, { recursive: true }));

const find = async () => ({ name: 'alice', uid, gid, home: join(folder, 'home') });
const note = () => noteCredentials(environment, endpoint, 'secret', find);
const forget = (token = 'secret') => forgetCredentials(environment, endpoint, token, find);

test('what was noted for root and the user behind sudo is gone, with file and folder', async () => {
  await note();
  await forget();
  expect(settings.map((directory) => existsSync(directory))).toEqual([false, false]);
  await forget();
  expect(settings.map((directory) => existsSync(directory))).toEqual([false, false]);
});

test('tokens of other servers and keys stay, and another server is the one that is used', async () => {
  const [own] = settings;
  await writeCredentials(own, 'https://other.example', 'private');
  await note();
  await writeFile(join(own, 'ssh_identity'), 'key');
  await forget();
  expect(await readCredentials(own)).toEqual({
    endpoint: 'https://other.example',
    tokens: { 'https://other.example': 'private' },
  });
  expect(existsSync(join(own, 'ssh_identity'))).toBe(true);
});

test('a token that somebody logged in with since is theirs', async () => {
  await note();
  await forget('another');
  expect((await readCredentials(settings[1]))?.tokens).toEqual({ [endpoint]: 'secret' });
});

test.runIf(isRoot)('a link in the user’s way is not followed', async () => {
  await note();
  const elsewhere = join(folder, 'elsewhere');
  await rm(join(folder, 'home/.config'), { recursive: true });
  await writeCredentials(join(elsewhere, 'playhouse'), endpoint, 'secret');
  await symlink(elsewhere, join(folder, 'home/.config'));
  await forget();
  expect(await readCredentials(join(elsewhere, 'playhouse'))).not.toBeNull();
});
