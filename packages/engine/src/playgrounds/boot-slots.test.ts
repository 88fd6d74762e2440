import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { BootSlots } from './boot-slots.ts';

const { signal } = new AbortController();

test('no more than so many have a slot, and a slot that is handed back goes to the next', async () => {
  const slots = new BootSlots(2);
  let [now, most] = [0, 0];
  await Promise.all(
    Array.from({ length: 7 }, async () => {
      const release = await slots.take(signal);
      most = Math.max(most, ++now);
      await setTimeout(2);
      now--;
      release();
    }),
  );
  expect(most).toBe(2);
  expect(slots.waiting).toBe(0);
});

test('whoever is cancelled while waiting neither gets nor keeps a slot', async () => {
  const slots = new BootSlots(1);
  const release = await slots.take(signal);
  const cancel = new AbortController();
  const waiting = slots.take(cancel.signal);
  expect(slots.waiting).toBe(1);
  cancel.abort(new Error('cancelled'));
  await expect(waiting).rejects.toThrow('cancelled');
  release();
  (await slots.take(signal))();
});

test('whoever is cancelled before asking gets none', async () => {
  const slots = new BootSlots(1);
  await expect(slots.take(AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
  (await slots.take(signal))();
});

test('handing a slot back twice makes no second one', async () => {
  const slots = new BootSlots(1);
  const release = await slots.take(signal);
  release();
  release();
  await slots.take(signal);
  const second = slots.take(signal).then(() => 'taken');
  expect(await Promise.race([second, setTimeout(20, 'waiting')])).toBe('waiting');
});
