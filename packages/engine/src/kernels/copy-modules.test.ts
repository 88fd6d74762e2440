import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../system/testing/temporary-directory.ts';
import { copyModules } from './copy-modules.ts';

test('modules and their lists are copied; links are not followed, other files are not read', async () => {
  const [from, to] = [await temporaryDirectory(), await temporaryDirectory()];
  await mkdir(`${from}/kernel/net`, { recursive: true });
  for (const file of ['kernel/net/wg.ko', 'kernel/x.ko.zst', 'modules.order', 'modules.dep', 'secret'])
    await writeFile(`${from}/${file}`, file);
  await symlink('/etc/passwd', `${from}/kernel/evil.ko`);
  await symlink('/etc', `${from}/build`);
  await copyModules(from, to, 'k');
  expect((await readdir(to, { recursive: true })).toSorted()).toEqual([
    'kernel',
    'kernel/net',
    'kernel/net/wg.ko',
    'kernel/x.ko.zst',
    'modules.order',
  ]);
});

test('a folder without modules, or none at all, is refused', async () => {
  const empty = await temporaryDirectory();
  await expect(copyModules(empty, empty, 'k')).rejects.toMatchObject({ code: 'kernel-unusable' });
  await expect(copyModules(`${empty}/no`, empty, 'k')).rejects.toMatchObject({ code: 'file-unreadable' });
});
