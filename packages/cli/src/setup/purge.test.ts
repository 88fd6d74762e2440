import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { stateEntries } from './purge.ts';

test('a purge deletes everything that docs/on-disk.md says is in the state directory', async () => {
  const page = await readFile(new URL('../../../../docs/on-disk.md', import.meta.url), 'utf8');
  const [, state = ''] = /\n\| path .*?\n\|[-| ]+\n((?:\|.*\n)+)/i.exec(page) ?? [];
  const cells = state.split('\n').map((line) => line.split('|')[1] ?? '');
  // Further names of a line are beside the first.
  const folders = new Set(cells.flatMap((cell) => /^ `([a-z][a-z-]*)[/`]/.exec(cell)?.[1] ?? []));
  expect(folders.size).toBeGreaterThan(10);
  expect([...folders].filter((name) => !stateEntries.includes(name))).toEqual([]);
});
