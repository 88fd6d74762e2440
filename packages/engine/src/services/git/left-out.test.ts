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

test.each([' ', '\n', '\r', '\u2028', '=', 'path=', '\tfilter'])(
  'files that are full of %j are looked through at once',
  async (piece) => {
    const text = `path=${piece.repeat(300_000)}x`;
    const before = performance.now();
    await leftOut({ '.gitmodules': text, '.gitattributes': text });
    expect(performance.now() - before).toBeLessThan(1000);
  },
);

test('of many submodules some are named, and how many more there are', async () => {
  const modules = Array.from({ length: 23 }, (_, index) => `path = m${index}\n`).join('');
  const [line = ''] = await leftOut({ '.gitmodules': modules });
  expect(line).toContain('m18, m19 and 3 more');
});
