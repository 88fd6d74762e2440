import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dnsLabel } from './dns-label.ts';
import { hostNameOf } from './host-name.ts';
import { persistentVolumePrefix } from './volume-prefix.ts';

const domain = 'play.example.org';

test('a host name has the subdomain, the slug and the domain', () => {
  expect(hostNameOf({ subdomain: 'web', slug: 'my-lab', domain })).toBe('web-my-lab.play.example.org');
  expect(hostNameOf({ subdomain: 'shop', slug: 'my-lab', domain, chosen: true })).toBe(
    'shop.play.example.org',
  );
  expect(hostNameOf({ subdomain: '@', slug: 'my-lab', domain })).toBe(domain);
});

test('names of services become labels', () => {
  expect(['web', 'My_Web.1', 'Größe', '--a--'].map((name) => dnsLabel(name))).toEqual([
    'web',
    'my-web-1',
    'gro-e',
    'a',
  ]);
});

test('a label that would be too long keeps its beginning, and differs from its neighbours', () => {
  const names = ['1', '2'].map((end) =>
    hostNameOf({ subdomain: 'web', slug: `${'s'.repeat(70)}${end}`, domain }),
  );
  expect(new Set(names).size).toBe(2);
  for (const name of names) expect(name).toMatch(/^web-s+-[0-9a-f]{8}\.play\.example\.org$/);
});

test('every text becomes a DNS label, always the same', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 200 }),
      fc.integer({ min: 12, max: 63 }),
      (text, limit) => {
        const label = dnsLabel(text, limit);
        expect(label).toMatch(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
        expect(label.length).toBeLessThanOrEqual(limit);
        expect(dnsLabel(text, limit)).toBe(label);
        expect(dnsLabel(label, limit)).toBe(label);
      },
    ),
  );
});

test('prefixes of volumes are told apart by their ids', () => {
  expect(persistentVolumePrefix('12', '3')).toBe('pv-12-3');
  expect(() => persistentVolumePrefix('1-2', '3')).toThrow(TypeError);
  expect(() => persistentVolumePrefix('', '3')).toThrow(TypeError);
});
