import { parseSubnet, subnetsOverlap, type Subnet } from '@playhouse/contract/manifest/ipv4';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressPool } from './address-pool.ts';
import { freeSubnet, readTaken } from './free-subnet.ts';

const subnetOf = (text: string): Subnet => {
  const found = parseSubnet(text);
  if (found === undefined) throw new Error(text);
  return found;
};
const pool = { base: '10.201.0.0/24', size: 27 };
const all = Array.from({ length: 8 }, (_, index) => `10.201.0.${index * 32}/27`);

/** Around the pool: inside of it, beside it and over it. */
const anyTaken = fc.array(
  fc
    .tuple(fc.integer({ min: 0, max: 511 }), fc.integer({ min: 22, max: 32 }))
    .map(([offset, prefix]) => subnetOf(`10.20${offset >> 8}.0.${offset & 255}/${prefix}`)),
  { maxLength: 12 },
);

test('it is the lowest of the pool that nobody has, and there is none only when all are had', () => {
  fc.assert(
    fc.property(anyTaken, (taken) => {
      const isFree = (text: string) => !taken.some((each) => subnetsOverlap(each, subnetOf(text)));
      expect(freeSubnet(pool, taken)).toBe(all.find(isFree) ?? null);
    }),
  );
});

test('whatever order they are given back in, no two have the same, and the pool is used to its end', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 7 }), { maxLength: 40 }), (returned) => {
      const had = new Set<string>();
      for (const index of returned) {
        const free = freeSubnet(pool, [...had].map(subnetOf));
        expect(free === null ? had.size : had.has(free)).toBe(free === null ? 8 : false);
        if (free === null) had.delete(all[index] ?? '');
        else had.add(free);
      }
    }),
  );
});

test('the pool of playgrounds has more than a thousand', () => {
  const had: Subnet[] = [];
  for (let free = freeSubnet(addressPool, had); free !== null; free = freeSubnet(addressPool, had))
    had.push(subnetOf(free));
  expect(had).toHaveLength(1024);
});

test('routes and addresses are read; those of everything are not in the way of anything', () => {
  expect(readTaken('10.0.0.0/8')).toEqual([subnetOf('10.0.0.0/8')]);
  expect(readTaken('10.201.0.1')).toEqual([subnetOf('10.201.0.1/32')]);
  for (const text of ['default', '0.0.0.0/1', '0.0.0.0/0', 'fd00::/64', ''])
    expect(readTaken(text)).toEqual([]);
});
