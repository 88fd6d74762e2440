import fc from 'fast-check';
import { expect, test } from 'vitest';
import { costs } from './costs.ts';
import type { LayerNeed } from './layer-needs.ts';

const need = (owner: string, group: string, ...layers: string[]): LayerNeed => {
  return { owner, group, layers: new Set(layers) };
};
const bytes = new Map<string, number>([
  ['base', 100],
  ['a', 10],
  ['b', 1],
]);

test('what one alone needs is its own, the rest is shared', () => {
  const found = costs([need('p', 'P', 'base', 'a'), need('q', 'Q', 'base', 'b')], bytes, 'owner');
  expect(found.get('p')).toEqual({ uniqueBytes: 10, sharedBytes: 100 });
  expect(found.get('q')).toEqual({ uniqueBytes: 1, sharedBytes: 100 });
});

test('a playground and its snapshots are one when it comes to what destroying it frees', () => {
  const found = costs([need('p', 'P', 'base', 'a'), need('s', 'P', 'base', 'a', 'b')], bytes, 'group');
  expect(found.get('P')).toEqual({ uniqueBytes: 111, sharedBytes: 0 });
});

test('all that is unique and each shared layer once are all that there is', () => {
  const layer = fc.constantFrom('base', 'a', 'b');
  const anyNeed = fc.record({
    owner: fc.constantFrom('p', 'q', 'r'),
    group: fc.constant('P'),
    layers: fc.uniqueArray(layer).map((layers) => new Set<string>(layers)),
  });
  fc.assert(
    fc.property(fc.array(anyNeed), (needs) => {
      const found = costs(needs, bytes, 'owner');
      const users = (name: string) =>
        new Set(needs.flatMap(({ owner, layers }) => (layers.has(name) ? [owner] : [])));
      const shared = [...bytes]
        .filter(([name]) => users(name).size > 1)
        .reduce((sum, [, size]) => sum + size, 0);
      const needed = [...bytes]
        .filter(([name]) => users(name).size > 0)
        .reduce((sum, [, size]) => sum + size, 0);
      const unique = [...found.values()].reduce((sum, { uniqueBytes }) => sum + uniqueBytes, 0);
      expect(unique + shared).toBe(needed);
    }),
  );
});
