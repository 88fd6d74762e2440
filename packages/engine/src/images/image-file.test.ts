import { mkdir, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { runOrFail } from '../system/run.ts';
import { temporaryDirectory } from '../system/testing/temporary-directory.ts';
import { makeExt4 } from './image-file.ts';

test('a directory of many tiny files becomes a file system, with room for more of them', async () => {
  const folder = await temporaryDirectory();
  const root = `${folder}/root`;
  // An image of that size would get 4096 inodes by itself. mkfs is slow where all files lie in one folder.
  const parents = Array.from({ length: 60 }, (_, at) => `${root}/${at}`);
  await Promise.all(
    parents.map(async (parent) => {
      await mkdir(parent, { recursive: true });
      for (let at = 0; at < 100; at++) await writeFile(`${parent}/${at}`, '');
    }),
  );
  await makeExt4(root, `${folder}/image`, { label: 'many', slackBytes: 0, journal: false });
  const { stdout } = await runOrFail(['dumpe2fs', '-h', `${folder}/image`]);
  expect(Number(/^Free inodes: +(\d+)/m.exec(stdout)?.[1])).toBeGreaterThanOrEqual(4000);
}, 60_000);
