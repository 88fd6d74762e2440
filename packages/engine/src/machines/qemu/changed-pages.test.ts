import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changedRuns, entryBytes } from './changed-pages.ts';

const entries = { absent: 0n, file: 0xa0n << 56n, own: 0x80n << 56n, swapped: 0x40n << 56n } as const;
const kinds = ['absent', 'file', 'own', 'swapped'] as const;

function pagemap(pages: readonly (keyof typeof entries)[]): Buffer {
  const buffer = Buffer.alloc(pages.length * entryBytes);
  for (const [page, kind] of pages.entries()) buffer.writeBigUInt64LE(entries[kind], page * entryBytes);
  return buffer;
}

test('pages of the process’s own are changed, in memory or swapped out; those of the file are not', () => {
  expect(changedRuns(pagemap(['absent', 'own', 'swapped', 'file', 'own']))).toEqual([
    { first: 1, count: 2 },
    { first: 4, count: 1 },
  ]);
});

test('the runs hold exactly the changed pages, in order, each once, and never touch', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...kinds), { maxLength: 200 }), (pages) => {
      const runs = changedRuns(pagemap(pages));
      const found = runs.flatMap(({ first, count }) => Array.from({ length: count }, (_, at) => first + at));
      expect(found).toEqual(
        pages.flatMap((kind, page) => (kind === 'own' || kind === 'swapped' ? [page] : [])),
      );
      for (const [at, run] of runs.entries()) {
        const before = runs[at - 1] ?? { first: -2, count: 0 };
        expect(run.first).toBeGreaterThan(before.first + before.count);
      }
    }),
  );
});
