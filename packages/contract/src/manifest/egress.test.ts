import fc from 'fast-check';
import { expect, test } from 'vitest';
import { egressSchema, isCidr } from './egress.ts';
import { formatIpv4 } from './ipv4.ts';
import { parseManifest } from './parse-manifest.ts';
import { machineText, manifestText } from './testing/manifest-text.ts';

const problemsOf = (egress: string) =>
  parseManifest(manifestText([machineText('a')], [`egress: ${egress}`]), { file: 'm.yaml' }).problems ?? [];

test('open, none, or a list of subnets, addresses and names', () => {
  expect(egressSchema.parse('open')).toBe('open');
  expect(egressSchema.parse(['203.0.113.0/24', '192.0.2.7', 'Docs.Example.com'])).toEqual([
    '203.0.113.0/24',
    '192.0.2.7/32',
    'docs.example.com',
  ]);
  expect(['192.0.2.7/32', 'docs.example.com'].map(isCidr)).toEqual([true, false]);
});

test('every subnet and every address is understood, and reading twice changes nothing', () => {
  const subnet = fc
    .record({ index: fc.nat({ max: 2 ** 32 - 1 }), bits: fc.integer({ min: 0, max: 32 }) })
    .map(
      ({ index, bits }) => `${formatIpv4(Math.floor(index / 2 ** (32 - bits)) * 2 ** (32 - bits))}/${bits}`,
    );
  fc.assert(
    fc.property(fc.array(subnet, { minLength: 1, maxLength: 5 }), (list) => {
      expect(egressSchema.parse(egressSchema.parse(list))).toEqual(list);
    }),
  );
});

test('a destination can say nothing to whom it is passed on but what it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
      const { success, data } = egressSchema.safeParse([text]);
      expect(success ? String(data) : 'refused').toMatch(/^[a-z0-9./-]+$/);
    }),
  );
});

test.each([
  '["*.example.com"]',
  '["10.0.0.1/8"]',
  '["localhost"]',
  '["a b.com"]',
  '["2001:db8::/32"]',
  '["x.c#m"]',
])('%s is refused by name', (egress) => {
  expect(problemsOf(egress).map(({ code }) => code)).toEqual(['manifest-bad-egress']);
});

test('a word that was nearly right is put right, and an empty list is no way to say none', () => {
  expect(problemsOf('opne')).toMatchObject([
    { code: 'manifest-bad-value', hint: expect.stringContaining('`open`') },
  ]);
  expect(problemsOf('[]')).toMatchObject([{ code: 'manifest-bad-count' }]);
});
