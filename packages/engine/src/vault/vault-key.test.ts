import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../system/testing/temporary-directory.ts';
import { openVaultKey } from './vault-key.ts';

test('a key is made once, for its owner only, and is the same ever after', async () => {
  const file = `${await temporaryDirectory()}/vault.key`;
  const first = await openVaultKey(file, 'here');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readFile(file, 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
  await chmod(file, 0o644);
  expect(await openVaultKey(file, 'here')).toEqual(first);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(first.naming).not.toEqual(first.sealing);
});

test('a file that holds no key is told and left alone', async () => {
  const file = `${await temporaryDirectory()}/vault.key`;
  await writeFile(file, 'something else\n');
  await expect(openVaultKey(file, 'here')).rejects.toMatchObject({ code: 'vault-key-wrong' });
  expect(await readFile(file, 'utf8')).toBe('something else\n');
});
