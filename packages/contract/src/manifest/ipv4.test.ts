import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  firstFree,
  formatIpv4,
  formatSubnet,
  parseInterfaceAddress,
  parseIpv4,
  parseSubnet,
  subnetsOverlap,
  type Subnet,
} from './ipv4.ts';

test('addresses survive formatting and parsing', () => {
  fc.assert(
    fc.property(fc.nat({ max: 2 ** 32 - 1 }), (address) => parseIpv4(formatIpv4(address)) === address),
  );
});

test('what is not four plain numbers is no address', () => {
  expect(
    ['', '1.2.3', '1.2.3.4.5', '256.1.1.1', '01.1.1.1', '1.1.1.1 ', 'a.b.c.d', '::1'].map(parseIpv4),
  ).toEqual(Array(8).fill(undefined));
  expect(['1.1.1.1/33', '1.1.1.1/', '1.1.1.1/8/8'].map(parseInterfaceAddress)).toEqual(
    Array(3).fill(undefined),
  );
});

test('subnets clear host bits and know their overlap', () => {
  expect(formatSubnet(subnetOf('192.168.7.9/24'))).toBe('192.168.7.0/24');
  expect(subnetsOverlap(subnetOf('10.0.0.0/16'), subnetOf('10.0.255.0/24'))).toBe(true);
  expect(subnetsOverlap(subnetOf('10.0.0.0/16'), subnetOf('10.1.0.0/16'))).toBe(false);
  expect(firstFree(subnetOf('10.0.0.0/30'), new Set([parseIpv4('10.0.0.1') ?? 0]))).toBe(
    parseIpv4('10.0.0.2'),
  );
  expect(firstFree(subnetOf('10.0.0.0/31'), new Set())).toBeUndefined();
});

function subnetOf(text: string): Subnet {
  const subnet = parseSubnet(text);
  if (subnet === undefined) throw new Error(text);
  return subnet;
}
