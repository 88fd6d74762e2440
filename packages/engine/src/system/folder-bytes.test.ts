import { mkdir, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { bytesOnDisk } from './bytes-on-disk.ts';
import { folderBytes } from './folder-bytes.ts';
import { temporaryDirectory } from './testing/temporary-directory.ts';

test('a folder takes what all in it takes; of one that is not there nothing is known', async () => {
  const root = await temporaryDirectory();
  await mkdir(`${root}/inner`);
  await writeFile(`${root}/inner/file`, 'x'.repeat(100_000));
  expect(await folderBytes(root, 5000)).toBe(await bytesOnDisk(root));
  expect(await folderBytes(`${root}/none`, 5000)).toBeNull();
});
