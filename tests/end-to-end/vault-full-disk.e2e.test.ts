// A vault in a folder whose disk is full, and a file that comes back onto one: told as such, nothing half-done is left.
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DirectoryDriver } from '../../packages/engine/src/vault/directory-driver.ts';
import { Vault } from '../../packages/engine/src/vault/vault.ts';
import { runOk } from './support/process.ts';

const mebibyte = 1024 ** 2;
let folder = '';
let vault: Vault;

beforeEach(async () => {
  folder = await mkdtemp('/tmp/phv-');
  await mkdir(`${folder}/small`);
  await runOk(['mount', '-t', 'tmpfs', '-o', 'size=14m', 'playhouse-test', `${folder}/small`]);
  await writeFile(`${folder}/file`, randomBytes(24 * mebibyte));
});

afterEach(async () => {
  await vault.close();
  await runOk(['umount', `${folder}/small`]);
  await rm(folder, { recursive: true, force: true });
});

test('a full vault keeps what has arrived, and takes the rest when it has room', async () => {
  const root = `${folder}/small/vault`;
  vault = new Vault({ driver: new DirectoryDriver(root), keyFile: `${folder}/key` });
  await expect(vault.store(`${folder}/file`, { name: 'file' })).rejects.toMatchObject({
    code: 'vault-full',
    message: expect.stringContaining(root),
  });
  expect(await readdir(`${root}/.unfinished`)).toEqual([]);
  expect(await vault.find('file')).toBeNull();
  await runOk(['mount', '-o', 'remount,size=64m', `${folder}/small`]);
  const { sentBytes } = await vault.store(`${folder}/file`, { name: 'file' });
  expect(sentBytes).toBeLessThan(20 * mebibyte);
  await vault.verify('file');
});

test('a file that does not fit where it should come back leaves nothing there', async () => {
  vault = new Vault({ driver: new DirectoryDriver(`${folder}/vault`), keyFile: `${folder}/key` });
  await vault.store(`${folder}/file`, { name: 'file' });
  await expect(vault.restore('file', `${folder}/small/file`)).rejects.toMatchObject({ code: 'disk-full' });
  expect(await readdir(`${folder}/small`)).toEqual([]);
});
