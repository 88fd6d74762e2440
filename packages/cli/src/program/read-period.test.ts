import { expect, test } from 'vitest';
import { readPeriod } from './read-period.ts';

test.each([
  ['90', 90_000],
  ['90s', 90_000],
  ['5m', 300_000],
  ['2h30m', 9_000_000],
  ['0', null],
  ['0s', null],
  ['-1', null],
])('%s', (text, milliseconds) => {
  expect(readPeriod(text, 'timeout', 'playground wait')).toBe(milliseconds);
});

test.each(['', 'soon', '5 m', '1d', '1.5h', 'm5'])('`%s` is no time', (text) => {
  expect(() => readPeriod(text, 'timeout', 'playground wait')).toThrow(/--timeout takes a time/);
});
