import { expect, test } from 'vitest';
import { OffloadTroubles } from './offload-troubles.ts';

test('the pause doubles with every failure, up to an hour, and ends with the trouble', () => {
  let now = 0;
  const troubles = new OffloadTroubles(1000, () => now);
  expect(troubles.isDue('a')).toBe(true);
  const pauses: number[] = [];
  for (let failures = 0; failures < 14; failures += 1) {
    const { at, retryAt } = troubles.note('a', new Error('no'));
    pauses.push(Date.parse(retryAt ?? '') - Date.parse(at));
    expect(troubles.isDue('a')).toBe(false);
    expect(troubles.isDue('b')).toBe(true);
    now = Date.parse(retryAt ?? '');
    expect(troubles.isDue('a')).toBe(true);
  }
  expect(pauses.slice(0, 4)).toEqual([1000, 2000, 4000, 8000]);
  expect(pauses.at(-1)).toBe(3_600_000);
  expect(troubles.pauseMs).toBe(0);
  troubles.keep(new Set());
  expect(troubles.pauseMs).toBeNull();
  expect(troubles.get('a')).toBeNull();
});
