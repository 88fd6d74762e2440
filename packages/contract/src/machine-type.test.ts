import fc from 'fast-check';
import { expect, test } from 'vitest';
import { machineDrivesLimit } from './manifest/drive.ts';
import { interfacesLimit } from './manifest/network-interface.ts';
import { deviceCount, deviceRoom, machineTypeFor, machineTypes } from './machine-type.ts';

test('a machine of few parts is a microvm; the first part too many makes it one with a PCI bus', () => {
  expect(machineTypeFor({ drives: 1, interfaces: 1 })).toBe('microvm');
  expect(machineTypeFor({ drives: 19, interfaces: 1 })).toBe('microvm');
  expect(machineTypeFor({ drives: 20, interfaces: 1 })).toBe('microvm-pcie');
  expect(machineTypeFor({ drives: 19, interfaces: 2 })).toBe('microvm-pcie');
});

test('whatever a manifest may have fits into its type, and into no smaller one', () => {
  const parts = fc.record({
    drives: fc.integer({ min: 1, max: machineDrivesLimit }),
    interfaces: fc.integer({ min: 1, max: interfacesLimit }),
  });
  fc.assert(
    fc.property(parts, (machine) => {
      const type = machineTypeFor(machine);
      const count = deviceCount(machine);
      expect(count).toBeLessThanOrEqual(deviceRoom(type));
      for (const smaller of machineTypes.slice(0, machineTypes.indexOf(type)))
        expect(count).toBeGreaterThan(deviceRoom(smaller));
    }),
  );
});

test('more parts never make a smaller machine', () => {
  const count = fc.integer({ min: 1, max: 40 });
  fc.assert(
    fc.property(count, count, count, (drives, interfaces, more) => {
      const before = machineTypes.indexOf(machineTypeFor({ drives, interfaces }));
      const after = machineTypes.indexOf(machineTypeFor({ drives: drives + more, interfaces }));
      expect(after).toBeGreaterThanOrEqual(before);
    }),
  );
});
