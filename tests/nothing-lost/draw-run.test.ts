import { expect, test } from 'vitest';
import { describeRun, drawRun, pairs } from './draw-run.ts';

const seeds = Array.from({ length: 300 }, (_, seed) => seed + 1);

test('a run follows from its seed', () => {
  expect(seeds.map(drawRun)).toEqual(seeds.map(drawRun));
  expect(new Set(seeds.map((seed) => describeRun(drawRun(seed)))).size).toBeGreaterThan(200);
});

test('as many seeds in a row as there are pairs meet every action with every fault', () => {
  const met = (from: number) =>
    new Set(pairs.map((_, index) => drawRun(from + index)).map(({ action, fault }) => `${action} ${fault}`));
  const all = new Set(pairs.map(([action, fault]) => `${action} ${fault}`));
  expect(met(1)).toEqual(all);
  expect(met(1234)).toEqual(all);
});

test('an engine that dies at a place dies at one that is on the way', () => {
  const points = new Set(seeds.flatMap((seed) => drawRun(seed).point ?? []));
  expect(points.size).toBeGreaterThan(40);
  for (const part of ['cut/', 'suspend/', 'playground.stop/', 'playground.rewind/'])
    expect([...points].some((point) => point.startsWith(part))).toBe(true);
});
