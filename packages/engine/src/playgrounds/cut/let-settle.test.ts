import { expect, test } from 'vitest';
import { untilSettled } from './let-settle.ts';

/** Looks once a second at machines that use these parts of a processor in turn, the last for ever. Gives the seconds it took. */
async function settle(...shares: readonly (readonly number[])[]) {
  let looks = 0;
  const used = shares[0]?.map(() => 0) ?? [];
  const machines = used.map((_, index) => index);
  const settled = await untilSettled(
    machines,
    { signal: new AbortController().signal },
    {
      secondsOf: async (machine) => {
        if (machine === 0) looks += 1;
        const share = shares[Math.min(looks - 2, shares.length - 1)]?.[machine] ?? 0;
        used[machine] = (used[machine] ?? 0) + (looks === 1 ? 0 : share);
        return used[machine] ?? null;
      },
      now: () => looks * 1000,
      pauseMs: 0,
      patienceMs: 20_000,
    },
  );
  return { settled, seconds: looks - 1 };
}

test('machines at rest are looked at ten times', async () => {
  expect(await settle([0.05, 0.1])).toEqual({ settled: true, seconds: 10 });
});

test('one that has work keeps all waiting, and a pause in its work is no rest', async () => {
  const busy = [1, 0.05];
  expect(await settle(busy, busy, [0.05, 0.05], [0.05, 0.05], busy, [0.05, 0.05])).toEqual({
    settled: true,
    seconds: 15,
  });
});

test('one that always has work is waited for no longer than is decent', async () => {
  expect(await settle([1, 0.05])).toEqual({ settled: false, seconds: 20 });
});

test('where nothing runs nothing is waited for', async () => {
  expect(await settle([])).toEqual({ settled: true, seconds: -1 });
});
