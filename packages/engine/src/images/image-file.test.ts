import { mkdir, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { runOrFail } from '../system/run.ts';
import { temporaryDirectory } from '../system/testing/temporary-directory.ts';
import { makeExt4 } from './image-file.ts';

test('a directory of many tiny files becomes a file system, with room for more of them', async () => {
  const folder = await temporaryDirectory();
  const root = `${folder}/root`;
  // An image of that size would get 4096 inodes by itself.
  // Folders of 500 fill blocks to the end, with no room for a checksum.
  const names = Array.from({ length: 6000 }, (_, at) => `${root}/${at % 12}/${at}`);
  for (let folder = 0; folder < 12; folder++) await mkdir(`${root}/${folder}`, { recursive: true });
  for (const name of names) await writeFile(name, '');
  await makeExt4(root, `${folder}/image`, { label: 'many', slackBytes: 0, journal: false });
  const { stdout } = await runOrFail(['dumpe2fs', '-h', `${folder}/image`]);
  expect(Number(/^Free inodes: +(\d+)/m.exec(stdout)?.[1])).toBeGreaterThanOrEqual(4000);
  // Its checksums came later, and are there and right.
  expect(stdout).toMatch(/^Filesystem features:.* metadata_csum$/m);
  await runOrFail(['e2fsck', '-fn', `${folder}/image`]);
}, 60_000);
