import { expect, test } from 'vitest';
import { processorSeconds } from './processor-time.ts';

test('what this process had of processors is what it says itself', async () => {
  const { user, system } = process.cpuUsage();
  const seconds = (await processorSeconds(process.pid)) ?? 0;
  expect(Math.abs(seconds - (user + system) / 1e6)).toBeLessThan(0.5);
});

test('a process that is none has had nothing', async () => {
  expect(await processorSeconds(2 ** 22 + 1)).toBeNull();
});
