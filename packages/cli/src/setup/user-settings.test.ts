// Root writes into the home of somebody who may have put links there. The test needs root to be that root.
import { existsSync } from 'node:fs';
import { chown, lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readCredentials, writeCredentials } from '../connection/credentials.ts';
import { noteCredentials, writeCredentialsFor } from './user-settings.ts';

const isRoot = process.getuid?.() === 0;
const uid = isRoot ? 65_534 : (process.getuid?.() ?? 0);
const gid = isRoot ? 65_534 : (process.getgid?.() ?? 0);
const endpoint = 'http://127.0.0.1:7700';
let folder = '';
let home = '';
let elsewhere = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'playhouse-home-'));
  [home, elsewhere] = [join(folder, 'home'), join(folder, 'elsewhere')];
  await Promise.all([mkdir(home), mkdir(elsewhere)]);
  await chown(home, uid, gid);
});
afterEach(async () => rm(folder, { recursive: true }));

const directory = (): string => join(home, '.config/playhouse');
const write = (token = 'secret'): Promise<boolean> =>
  writeCredentialsFor({ uid, gid, home }, directory(), endpoint, token);

test('folders and file are the user’s own and private, and written once', async () => {
  expect(await write()).toBe(true);
  expect(await write()).toBe(false);
  for (const [path, mode] of [
    [join(home, '.config'), 0o700],
    [directory(), 0o700],
    [join(directory(), 'credentials.json'), 0o600],
  ] as const) {
    const found = await lstat(path);
    expect([found.uid, found.gid, found.mode & 0o777]).toEqual([uid, gid, mode]);
  }
  expect(await readdir(directory())).toEqual(['credentials.json']);
});

test.each(['.config', '.config/playhouse'])(
  'a link at %s is refused and nothing is written',
  async (name) => {
    await mkdir(join(home, '.config'));
    await chown(join(home, '.config'), uid, gid);
    if (name === '.config') await rm(join(home, '.config'), { recursive: true });
    await symlink(elsewhere, join(home, name));
    await expect(write()).rejects.toThrow(`${join(home, name)} is a symbolic link`);
    expect(await readdir(elsewhere)).toEqual([]);
  },
);

test('a file that is a link is replaced, and what it leads to is neither read nor written', async () => {
  await write('old');
  const file = join(directory(), 'credentials.json');
  await writeCredentials(elsewhere, 'http://other:1', 'private');
  const before = await readFile(join(elsewhere, 'credentials.json'), 'utf8');
  await rm(file);
  await symlink(join(elsewhere, 'credentials.json'), file);
  expect(await write()).toBe(true);
  expect(await readFile(join(elsewhere, 'credentials.json'), 'utf8')).toBe(before);
  expect((await lstat(file)).isSymbolicLink()).toBe(false);
  expect(await readCredentials(directory())).toEqual({ endpoint, tokens: { [endpoint]: 'secret' } });
});

test.runIf(isRoot)('tokens in a file of somebody else do not reach the user', async () => {
  await write('old');
  await rm(join(directory(), 'credentials.json'));
  await writeFile(
    join(directory(), 'credentials.json'),
    JSON.stringify({ endpoint: 'http://other:1', tokens: { 'http://other:1': 'private' } }),
  );
  await write();
  expect(await readCredentials(directory())).toEqual({ endpoint, tokens: { [endpoint]: 'secret' } });
});

test.runIf(isRoot)('a home or folder of somebody else is left alone', async () => {
  await mkdir(join(home, '.config'));
  await expect(write()).rejects.toThrow('belongs to another user');
  expect(await readdir(join(home, '.config'))).toEqual([]);
});

test('without a user behind sudo only the own folder is written', async () => {
  const noted = await noteCredentials({ HOME: elsewhere }, endpoint, 'secret');
  expect(noted).toEqual({ changed: 1, refused: null });
  expect(existsSync(join(elsewhere, '.config/playhouse/credentials.json'))).toBe(true);
});

const find = async () => ({ name: 'alice', uid, gid, home });

test('with `sudo -E` there is one file, and it is the user’s', async () => {
  const noted = await noteCredentials({ HOME: home, SUDO_USER: 'alice' }, endpoint, 'secret', find);
  expect(noted).toEqual({ changed: 1, refused: null });
  expect((await lstat(join(directory(), 'credentials.json'))).uid).toBe(uid);
});

test('with plain sudo root and the user each get one; a link in the user’s way is told, not followed', async () => {
  await symlink(elsewhere, join(home, '.config'));
  const environment = { HOME: join(folder, 'root'), SUDO_USER: 'alice' };
  expect(await noteCredentials(environment, endpoint, 'secret', find)).toEqual({
    changed: 1,
    refused: `${join(home, '.config')} is a symbolic link or no folder`,
  });
  await rm(join(home, '.config'));
  expect(await noteCredentials(environment, endpoint, 'secret', find)).toEqual({ changed: 1, refused: null });
});
