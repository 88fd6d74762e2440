import { expect, test } from 'vitest';
import { Turns } from './turns.ts';

test('work on one thing happens in order, whatever becomes of it; other things do not wait', async () => {
  const turns = new Turns();
  const log: string[] = [];
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  const first = turns.take('a', async () => {
    await gate;
    log.push('a1');
    throw new Error('a1 failed');
  });
  const second = turns.take('a', async () => void log.push('a2'));
  await turns.take('b', async () => void log.push('b1'));
  expect(log).toEqual(['b1']);
  open();
  await expect(first).rejects.toThrow('a1 failed');
  await second;
  expect(log).toEqual(['b1', 'a1', 'a2']);
});

test('settles when what was asked for is over', async () => {
  const turns = new Turns();
  let done = false;
  void turns.take('a', async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    done = true;
  });
  await turns.settled();
  expect(done).toBe(true);
});
