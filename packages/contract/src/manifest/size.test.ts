import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatSize, parseSize } from './size.ts';

test('every unit is binary', () => {
  expect(['1K', '1kb', '1KiB', '1.5M', '0.5Gi', '2TB', '7', '7B'].map(parseSize)).toEqual([
    1024,
    1024,
    1024,
    1.5 * 2 ** 20,
    2 ** 29,
    2 ** 41,
    7,
    7,
  ]);
});

test('what is no whole number of bytes is no size', () => {
  expect(['', 'G', '-1G', '1.3B', '1X', '1e3', '4GG', '99999999T', 'NaN'].map(parseSize)).toEqual(
    Array(9).fill(undefined),
  );
});

test('formatting loses nothing', () => {
  fc.assert(fc.property(fc.nat({ max: 2 ** 50 }), (bytes) => parseSize(formatSize(bytes)) === bytes));
  expect([2 ** 32, 1.5 * 2 ** 30, 1000, 0].map(formatSize)).toEqual(['4GiB', '1536MiB', '1000B', '0B']);
});
