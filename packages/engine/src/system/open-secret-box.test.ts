import { readFile, stat } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { openSecretBox } from './open-secret-box.ts';
import { temporaryDirectory } from './testing/temporary-directory.ts';

test('the key is made once, and only its owner may read it', async () => {
  const file = `${await temporaryDirectory()}/secrets.key`;
  const sealed = (await openSecretBox(file)).seal('secret', 'x');
  const key = await readFile(file);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await openSecretBox(file)).unseal(sealed, 'x')).toBe('secret');
  expect(await readFile(file)).toEqual(key);
});
