import { expect, test } from 'vitest';
import { samplePlayground } from '../../testing/sample-playground.ts';
import { requireMemory } from './require-memory.ts';

const { order } = samplePlayground();
/** What the machines of the sample have together. */
const needed = 3 * 1024;

test('a copy boots only in memory that nobody has; what is stopped has none', () => {
  const check = (memoryBudgetMiB: number, ...others: Parameters<typeof requireMemory>[0]) => {
    return () => requireMemory(others, order, { memoryBudgetMiB });
  };
  expect(check(needed)).not.toThrow();
  expect(check(needed - 1)).toThrow('needs 3072 MiB of machine memory, but only 3071 MiB');
  expect(check(needed, { order, state: 'stopped' })).not.toThrow();
  expect(check(2 * needed - 1, { order, state: 'running' })).toThrow(/machine memory/);
  expect(check(2 * needed, { order, state: 'running' })).not.toThrow();
  expect(check(needed, { order: { ...order, spare: true }, state: 'running' })).not.toThrow();
});
