import { deviceRoom, machineTypes } from '@playhouse/contract/machine-type';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emptyBus } from './device-bus.ts';

const address = (words: readonly string[]) => /addr=0x([0-9a-f]+)\.(\d)/.exec(words[1] ?? '');

test('a microvm finds its devices by their order alone', () => {
  const plug = emptyBus('microvm');
  expect(plug('virtio-blk', 'drive=drive0,serial=root')).toEqual([
    '-device',
    'virtio-blk-device,drive=drive0,serial=root',
  ]);
});

test('on a PCI bus eight devices share a slot', () => {
  const plug = emptyBus('microvm-pcie');
  const lines = Array.from({ length: 10 }, () => plug('virtio-blk', 'drive=x')[1]);
  expect(lines[0]).toBe('virtio-blk-pci,drive=x,bus=pcie.0,addr=0x1.0,multifunction=on,disable-legacy=on');
  expect(lines[9]).toContain('addr=0x2.1,');
  expect(plug('virtio-net', 'netdev=n')[1]).toMatch(/^virtio-net-pci,.*,romfile=$/);
});

test('devices have a place each, in ascending order, on buses that have one', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: deviceRoom('microvm-pcie') }), (count) => {
      const plug = emptyBus('microvm-pcie');
      const places = Array.from({ length: count }, () => {
        const [, slot = '', part = ''] = address(plug('virtio-blk', 'drive=x')) ?? [];
        return Number.parseInt(slot, 16) * 8 + Number(part);
      });
      expect(places).toEqual([...new Set(places)].toSorted((a, b) => a - b));
      expect(Math.max(...places)).toBeLessThan(32 * 8);
      expect(Math.min(...places)).toBeGreaterThanOrEqual(8);
    }),
  );
});

test.each(machineTypes)('%s refuses what it has no room for', (type) => {
  const plug = emptyBus(type);
  for (let count = 0; count < deviceRoom(type); count += 1) plug('virtio-rng', 'rng=rng0');
  expect(() => plug('virtio-rng', 'rng=rng0')).toThrow(RangeError);
});
