import { expect, test } from 'vitest';
import { nextDelay } from './backoff.ts';

test('waits 0.2 s at first, doubles to 5 s, and starts anew after a steady run', () => {
  const delays: number[] = [];
  for (let delay: number | null = null; delays.length < 7;) delays.push((delay = nextDelay(delay, 50)));
  expect(delays).toEqual([200, 400, 800, 1600, 3200, 5000, 5000]);
  expect(nextDelay(5000, 60_000)).toBe(200);
});
