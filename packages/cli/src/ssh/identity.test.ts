// With the real ssh-keygen.
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runOrFail } from '../system/run-command.ts';
import { ensureIdentity } from './identity.ts';

let folder = '';
let settings = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'playhouse-identity-'));
  settings = join(folder, 'settings');
});
afterEach(async () => rm(folder, { recursive: true }));

const ofPrivateKey = async (file: string): Promise<string> =>
  (await runOrFail(['ssh-keygen', '-y', '-f', file])).trim();
const body = (key: string): string => key.split(' ').slice(0, 2).join(' ');

test('first uses at the same time all get one pair, and leave nothing else behind', async () => {
  const found = await Promise.all(Array.from({ length: 6 }, () => ensureIdentity(settings)));
  const file = join(settings, 'ssh_identity');
  expect(new Set(found.map(({ publicKey }) => body(publicKey)))).toEqual(
    new Set([body(await ofPrivateKey(file))]),
  );
  expect((await readdir(settings)).sort()).toEqual(['ssh_identity', 'ssh_identity.pub']);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test('a public key that is missing is derived, and the private one stays', async () => {
  const first = await ensureIdentity(settings);
  const before = await readFile(first.file, 'utf8');
  await rm(`${first.file}.pub`);
  expect(body((await ensureIdentity(settings)).publicKey)).toBe(body(first.publicKey));
  expect(await readFile(first.file, 'utf8')).toBe(before);
  expect(body(await readFile(`${first.file}.pub`, 'utf8'))).toBe(body(first.publicKey));
});

test('a public key without its private one is replaced', async () => {
  const first = await ensureIdentity(settings);
  await rm(first.file);
  const second = await ensureIdentity(settings);
  expect(body(second.publicKey)).not.toBe(body(first.publicKey));
  expect(body(second.publicKey)).toBe(body(await ofPrivateKey(second.file)));
});
