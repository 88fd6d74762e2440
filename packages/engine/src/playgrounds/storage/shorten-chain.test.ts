import { expect, test } from 'vitest';
import { noDrive } from '../playground-record.ts';
import { overlong, shortened, withMerged } from './shorten-chain.ts';

const drive = { ...noDrive, layer: '/base', layers: ['a', 'b', 'c'] };

test('a chain is too long when it has more layers than the limit; all that was cut is merged', () => {
  expect(overlong(drive, 3)).toBeNull();
  expect(overlong(drive, 2)).toEqual({ base: '/base', layers: ['a', 'b', 'c'] });
});

test('a merged layer is taken instead of those that it holds, whatever was cut since', () => {
  const noted = withMerged(drive, { base: '/base', layers: ['a', 'b'] }, 'ab');
  expect(noted).toEqual({ ...drive, merged: { layer: 'ab', count: 2 } });
  expect(shortened({ ...drive, ...noted, layers: ['a', 'b', 'c', 'd'] })).toEqual({
    ...drive,
    layers: ['ab', 'c', 'd'],
  });
  expect(shortened(drive)).toBe(drive);
});

test('what waits for a merged layer counts as if it had it, and may be merged once more', () => {
  const waiting = { ...drive, layers: ['a', 'b', 'c', 'd'], merged: { layer: 'ab', count: 2 } };
  expect(overlong(waiting, 3)).toBeNull();
  const again = overlong(waiting, 2);
  expect(again).toEqual({ base: '/base', layers: ['ab', 'c', 'd'] });
  const noted = again && withMerged(waiting, again, 'abcd');
  expect(noted?.merged).toEqual({ layer: 'abcd', count: 4 });
  expect(noted && shortened(noted).layers).toEqual(['abcd']);
});

test('a drive that has become another meanwhile is left as it is', () => {
  expect(withMerged(drive, { base: '/other', layers: ['a'] }, 'x')).toBeNull();
  expect(withMerged(drive, { base: '/base', layers: ['a', 'x'] }, 'x')).toBeNull();
  expect(withMerged(drive, { base: '/base', layers: ['a', 'b', 'c', 'd'] }, 'x')).toBeNull();
});
