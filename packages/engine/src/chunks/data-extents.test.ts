import { open, stat } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../system/testing/temporary-directory.ts';
import { dataExtents, parseSeek } from './data-extents.ts';

const heading = 'Whence\tResult\n';

test.each([
  ['DATA\t0\nHOLE\t100\n', [{ from: 0, to: 100 }]],
  ['HOLE\t0\n', []],
  [
    'HOLE\t0\nDATA\t10\nHOLE\t20\nDATA\t30\n',
    [
      { from: 10, to: 20 },
      { from: 30, to: 100 },
    ],
  ],
  [
    'DATA\t0\nHOLE\t10\nDATA\t30\nHOLE\t100\n',
    [
      { from: 0, to: 10 },
      { from: 30, to: 100 },
    ],
  ],
])('reads %j', (lines, extents) => {
  expect(parseSeek(heading + lines, 100)).toEqual(extents);
});

test.each([
  '',
  'DATA\t0',
  heading,
  `${heading}DATA\tx`,
  `${heading}DATA\t9\nHOLE\t3`,
  `${heading}DATA\t0\nDATA\t3`,
])('takes %j for no answer', (text) => {
  expect(parseSeek(text, 100)).toBeUndefined();
});

test('a file without holes, and one whose holes cannot be told, are wholly data', async () => {
  const never = () => Promise.reject(new Error('must not run'));
  expect(await dataExtents('/x', { size: 1000, blocks: 2 }, never)).toEqual([{ from: 0, to: 1000 }]);
  expect(await dataExtents('/x', { size: 9000, blocks: 2 }, never)).toEqual([{ from: 0, to: 9000 }]);
});

test('everything that was written to a sparse file lies in its extents', async () => {
  const path = `${await temporaryDirectory()}/sparse`;
  const file = await open(path, 'w');
  for (const at of [5_000_000, 90_000_000]) await file.write(Buffer.alloc(10_000, 7), 0, 10_000, at);
  await file.truncate(200_000_000);
  await file.close();
  const extents = await dataExtents(path, await stat(path));
  for (const at of [5_000_000, 5_009_999, 90_000_000, 90_009_999]) {
    expect(extents.some(({ from, to }) => from <= at && at < to)).toBe(true);
  }
});
