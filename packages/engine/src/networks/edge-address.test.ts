import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { expect, test } from 'vitest';
import { edgeSlice, freeSlot, slotCount } from './edge-address.ts';

const range = fc
  .record({ base: fc.nat({ max: 2 ** 32 - 1 }), bits: fc.integer({ min: 8, max: 28 }) })
  .map(
    ({ base, bits }) => ipaddr.IPv4.networkAddressFromCIDR(`${dotted(base)}/${bits}`).toString() + `/${bits}`,
  );

function dotted(value: number): string {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
}

function addresses(of: string, slot: number): readonly string[] {
  const { host, inner, machines } = edgeSlice(of, slot);
  return [host, inner, ...machines];
}

test('the first slice of the default range', () => {
  expect(edgeSlice('100.64.0.0/10', 0)).toEqual({
    slot: 0,
    prefixLength: 28,
    host: '100.64.0.1',
    inner: '100.64.0.2',
    machines: Array.from({ length: 12 }, (_, index) => `100.64.0.${index + 3}`),
  });
  expect(edgeSlice('100.64.0.0/10', 4097).host).toBe('100.65.0.17');
  expect(slotCount('100.64.0.0/10')).toBe(262_144);
});

test('every slice lies inside its range, and no two share an address', () => {
  fc.assert(
    fc.property(range, fc.nat(), fc.nat(), (of, one, other) => {
      const [first, second] = [one % slotCount(of), other % slotCount(of)];
      const network = ipaddr.parseCIDR(of);
      const own = addresses(of, first);
      expect(new Set(own).size).toBe(14);
      for (const address of own)
        expect(ipaddr.IPv4.parse(address).match(network as [ipaddr.IPv4, number])).toBe(true);
      const shared = own.filter((address) => addresses(of, second).includes(address));
      expect(shared).toEqual(first === second ? own : []);
    }),
  );
});

test('a free slot is never in use, never overlaps an address of the host, and is found while there is one', () => {
  const small = range.filter((of) => slotCount(of) <= 64);
  const host = fc.array(fc.nat({ max: 2 ** 32 - 1 }).map(dotted), { maxLength: 3 });
  const near = fc.array(fc.nat({ max: 1023 }), { maxLength: 30 });
  fc.assert(
    fc.property(small, fc.array(fc.nat({ max: 63 })), host, near, (of, used, elsewhere, offsets) => {
      const start = ipaddr.IPv4.networkAddressFromCIDR(of).octets.reduce(
        (sum, octet) => sum * 256 + octet,
        0,
      );
      const hostAddresses = [...elsewhere, ...offsets.map((offset) => dotted((start + offset) % 2 ** 32))];
      const block = (slot: number) =>
        Array.from({ length: 16 }, (_, index) => dotted(start + slot * 16 + index));
      const free = Array.from({ length: slotCount(of) }, (_, slot) => slot).filter(
        (slot) => !used.includes(slot) && !block(slot).some((address) => hostAddresses.includes(address)),
      );
      expect(freeSlot(of, new Set(used), hostAddresses)).toBe(free[0] ?? null);
    }),
  );
});

test('says when there is none', () => {
  expect(freeSlot('10.0.0.0/28', new Set([0]), [])).toBeNull();
  expect(freeSlot('10.0.0.0/28', new Set(), ['10.0.0.9'])).toBeNull();
  expect(freeSlot('10.0.0.0/30', new Set(), [])).toBeNull();
  expect(freeSlot('10.0.0.0/27', new Set([0]), ['10.0.0.9', '192.0.2.1'])).toBe(1);
});
