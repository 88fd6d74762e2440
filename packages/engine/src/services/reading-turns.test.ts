import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ReadingTurns } from './reading-turns.ts';

/** Readings that go on until they are ended. */
function readings() {
  const turns = new ReadingTurns();
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const read = async (owner: string, number: number, signal = new AbortController().signal) => {
    const name = `${owner}${number}`;
    return await turns.take(owner, signal, async () => {
      begun.push(name);
      await new Promise<void>((resolve) => ends.set(name, resolve));
      return name;
    });
  };
  return { begun, read, end: (name: string) => ends.get(name)?.() };
}

test('two of one owner go on at once, and who asks for many keeps nobody waiting', async () => {
  const { begun, read, end } = readings();
  const mallory = Array.from({ length: 50 }, (_, number) => read('mallory', number));
  const ann = read('ann', 0);
  await setImmediate();
  expect(begun).toEqual(['mallory0', 'mallory1', 'ann0']);
  end('ann0');
  expect(await ann).toBe('ann0');
  end('mallory0');
  expect(await mallory[0]).toBe('mallory0');
  await setImmediate();
  expect(begun.slice(3)).toEqual(['mallory2']);
});

test('six go on at once; the next begins when one has ended, well or not', async () => {
  const { begun, read, end } = readings();
  const all = ['a', 'b', 'c', 'd'].flatMap((owner) => [read(owner, 0), read(owner, 1)]);
  await setImmediate();
  expect(begun).toHaveLength(6);
  end('b0');
  await all[2];
  await setImmediate();
  expect(begun.slice(6)).toEqual(['d0']);
  const turns = new ReadingTurns();
  const failing = async () => await Promise.reject(new Error('no'));
  const { signal } = new AbortController();
  for (let round = 0; round < 8; round += 1)
    await expect(turns.take('a', signal, failing)).rejects.toThrow('no');
});

test('whoever has waited too long is told at once, and is not read for afterwards', async () => {
  const { begun, read, end } = readings();
  const before = [read('ann', 0), read('ann', 1)];
  const tired = new AbortController();
  const waiting = read('ann', 2, tired.signal);
  const late = read('ann', 3);
  tired.abort(new Error('too long'));
  await expect(waiting).rejects.toThrow('too long');
  end('ann0');
  expect(await before[0]).toBe('ann0');
  await setImmediate();
  expect(begun).toEqual(['ann0', 'ann1', 'ann3']);
  end('ann3');
  expect(await late).toBe('ann3');
});
