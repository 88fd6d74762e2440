import { expect, test } from 'vitest';
import { leftOutOf } from './left-out.ts';

const leftOut = async (files: Readonly<Record<string, string>>) =>
  await leftOutOf({ read: async (path) => files[path] ?? null });

test('submodules and files of Git LFS are told of, as they are not fetched', async () => {
  const modules = '[submodule "a"]\n\tpath = vendor/a\n\turl = https://x/a\n[submodule "b"]\npath=b\n';
  const attributes = '# *.old filter=lfs\n*.txt text\n*.bin filter=lfs diff=lfs merge=lfs -text\n';
  expect(await leftOut({ '.gitmodules': modules, '.gitattributes': attributes })).toEqual([
    'submodules are not fetched, and their folders are empty: vendor/a, b',
    'what is kept in Git LFS is not fetched: these files have what points to it',
  ]);
});

test('of a checkout that has everything nothing is told', async () => {
  expect(await leftOut({})).toEqual([]);
  expect(await leftOut({ '.gitmodules': '', '.gitattributes': '#*.x filter=lfs\n*.sh eol=lf\n' })).toEqual(
    [],
  );
});
