import { expect, test } from 'vitest';
import { KeptVolumes } from './kept-volumes.ts';

function keep(keptMs: number) {
  const clock = { ms: 5 };
  const said: string[] = [];
  const volumes = new KeptVolumes({ keptMs, now: () => clock.ms, log: (line) => said.push(line) });
  return { volumes, clock, said };
}

test('a volume of a playground that nobody knows is told of once, and due when its time is over', () => {
  const { volumes, clock, said } = keep(3_600_000);
  expect(volumes.isDue('data', 'f')).toBe(false);
  clock.ms += 3_599_999;
  expect([volumes.isDue('data', 'f'), volumes.isDue('other', 'f')]).toEqual([false, false]);
  clock.ms += 1;
  expect([volumes.isDue('data', 'f'), volumes.isDue('other', 'f')]).toEqual([true, false]);
  expect(said).toEqual([expect.stringMatching(/data .* f, .* 1 h/), expect.stringContaining('other')]);
});

test('where nothing is to be kept it is due at once', () => {
  const { volumes, said } = keep(0);
  expect(volumes.isDue('data', 'f')).toBe(true);
  expect(said).toEqual([]);
});
