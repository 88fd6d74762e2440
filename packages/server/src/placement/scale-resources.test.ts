import fc from 'fast-check';
import { expect, test } from 'vitest';
import { noLimits, scaleResources } from './scale-resources.ts';

const mebibyte = 2 ** 20;
const none = noLimits;
const machine = (cpuCount: number, mebibytes: number) => ({ cpuCount, ramSize: mebibytes * mebibyte });

const machines = fc.array(
  fc.record({
    cpuCount: fc.integer({ min: 1, max: 64 }),
    ramSize: fc.integer({ min: 64 * mebibyte, max: 2 ** 38 }),
  }),
  { minLength: 1, maxLength: 5 },
);
/** As the configuration allows them: none, or room for five machines of the smallest size. */
const limits = fc.record({
  machineCpus: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 64 })),
  machineMemoryMiB: fc.oneof(fc.constant(0), fc.integer({ min: 64, max: 300_000 })),
  playgroundCpus: fc.oneof(fc.constant(0), fc.integer({ min: 5, max: 200 })),
  playgroundMemoryMiB: fc.oneof(fc.constant(0), fc.integer({ min: 320, max: 500_000 })),
});
const bound = (limit: number) => (limit === 0 ? Infinity : limit);
const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

test('a playground gets no more than its share, each machine in proportion', () => {
  const asked = [machine(4, 4096), machine(2, 2048), machine(2, 2048)];
  expect(scaleResources(asked, { ...none, playgroundCpus: 5, playgroundMemoryMiB: 4096 })).toEqual([
    machine(3, 2048),
    machine(1, 1024),
    machine(1, 1024),
  ]);
  expect(scaleResources(asked, { ...none, machineCpus: 2, machineMemoryMiB: 2048 })).toEqual([
    machine(2, 2048),
    machine(2, 2048),
    machine(2, 2048),
  ]);
});

test('without limits, and within them, everything is as it was', () => {
  fc.assert(
    fc.property(machines, (asked) => {
      expect(scaleResources(asked, none)).toEqual(asked);
    }),
  );
});

test('never above the limits, never above what was asked, never nothing', () => {
  fc.assert(
    fc.property(machines, limits, (asked, allowed) => {
      const scaled = scaleResources(asked, allowed);
      for (const [index, { cpuCount, ramSize }] of scaled.entries()) {
        expect(cpuCount).toBeGreaterThanOrEqual(1);
        expect(cpuCount).toBeLessThanOrEqual(asked[index]?.cpuCount ?? 0);
        expect(ramSize).toBeGreaterThanOrEqual(64 * mebibyte);
        expect(ramSize).toBeLessThanOrEqual(asked[index]?.ramSize ?? 0);
        expect(cpuCount).toBeLessThanOrEqual(bound(allowed.machineCpus));
        expect(ramSize).toBeLessThanOrEqual(bound(allowed.machineMemoryMiB) * mebibyte);
      }
      expect(total(scaled.map(({ cpuCount }) => cpuCount))).toBeLessThanOrEqual(
        bound(allowed.playgroundCpus),
      );
      expect(total(scaled.map(({ ramSize }) => ramSize))).toBeLessThanOrEqual(
        bound(allowed.playgroundMemoryMiB) * mebibyte,
      );
    }),
  );
});

test('nothing that is allowed is wasted: what is over a limit ends exactly at it', () => {
  fc.assert(
    fc.property(machines, fc.integer({ min: 5, max: 200 }), (asked, playgroundCpus) => {
      const scaled = scaleResources(asked, { ...none, playgroundCpus });
      const wanted = total(asked.map(({ cpuCount }) => cpuCount));
      expect(total(scaled.map(({ cpuCount }) => cpuCount))).toBe(Math.min(wanted, playgroundCpus));
    }),
  );
});

test('shares differ from what is proportional by less than one, unless somebody would get less than the least', () => {
  const several = fc.array(fc.integer({ min: 8, max: 64 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(several, fc.integer({ min: 40, max: 200 }), (asked, playgroundCpus) => {
      const scaled = scaleResources(
        asked.map((cpus) => machine(cpus, 64)),
        { ...none, playgroundCpus },
      );
      const factor = Math.min(1, playgroundCpus / total(asked));
      for (const [index, want] of asked.entries())
        expect(Math.abs((scaled[index]?.cpuCount ?? 0) - want * factor)).toBeLessThan(1);
    }),
  );
});

test('who asked for more than another gets no less than that one', () => {
  fc.assert(
    fc.property(machines, limits, (asked, allowed) => {
      const scaled = scaleResources(asked, { ...allowed, machineCpus: 0 });
      // In the order of what was asked for, what is given never falls.
      const byAsked = asked
        .map(({ cpuCount }, index) => ({ cpuCount, given: scaled[index]?.cpuCount ?? 0 }))
        .toSorted((one, other) => one.cpuCount - other.cpuCount || one.given - other.given);
      const given = byAsked.map((each) => each.given);
      expect(given).toEqual(given.toSorted((one, other) => one - other));
    }),
  );
});

test('scaling what was scaled changes nothing', () => {
  fc.assert(
    fc.property(machines, limits, (asked, allowed) => {
      const once = scaleResources(asked, allowed);
      expect(scaleResources(once, allowed)).toEqual(once);
    }),
  );
});
