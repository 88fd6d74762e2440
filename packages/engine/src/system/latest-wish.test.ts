import { expect, test } from 'vitest';
import { LatestWish } from './latest-wish.ts';

function open() {
  const wishes = new LatestWish<string>();
  const done: string[] = [];
  const gates: PromiseWithResolvers<void>[] = [];
  const fulfil = async (latest: () => string) => {
    const gate = Promise.withResolvers<void>();
    gates.push(gate);
    await gate.promise;
    const wish = latest();
    if (wish === 'impossible') throw new Error('no');
    done.push(wish);
  };
  const goOn = async () => {
    await expect.poll(() => gates.length).toBeGreaterThan(0);
    gates.shift()?.resolve();
  };
  return { wishes, done, fulfil, goOn };
}

test('of wishes that come while one is being fulfilled the last counts, for all of them', async () => {
  const { wishes, done, fulfil, goOn } = open();
  const all = ['one', 'two', 'three'].map(async (wish) => await wishes.fulfil(wish, fulfil));
  await goOn();
  await Promise.all(all);
  expect(done).toEqual(['three']);
  const later = wishes.fulfil('four', fulfil);
  await goOn();
  await later;
  expect(done).toEqual(['three', 'four']);
});

test('who waited tries again what went wrong for another', async () => {
  const { wishes, done, fulfil, goOn } = open();
  const first = wishes.fulfil('one', fulfil).catch((error: unknown) => String(error));
  const second = wishes.fulfil('impossible', fulfil).catch((error: unknown) => String(error));
  await goOn();
  expect(await first).toBe('Error: no');
  await goOn();
  expect(await second).toBe('Error: no');
  const third = wishes.fulfil('three', fulfil);
  await goOn();
  await third;
  expect(done).toEqual(['three']);
});

test('nothing is fulfilled beside something else, and what no longer holds is fulfilled again', async () => {
  const { wishes, done, fulfil, goOn } = open();
  const held = Promise.withResolvers<void>();
  const alone = wishes.alone(async () => {
    await held.promise;
    done.push('alone');
    wishes.forget();
  });
  const wish = wishes.fulfil('one', fulfil);
  held.resolve();
  await alone;
  await goOn();
  await wish;
  expect(done).toEqual(['alone', 'one']);
});
