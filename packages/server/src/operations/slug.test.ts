import { assert, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { slugify } from './slug.ts';

test('titles become names', () => {
  expect(slugify('My Lab #2', 'x')).toBe('my-lab-2');
  expect(slugify('Über Größe', 'x')).toBe('uber-gro-e');
  expect(slugify('実験', 'flexbox')).toBe('flexbox');
});

test('whatever the title, the slug is fit for a host name', () => {
  assert(
    property(string({ unit: 'grapheme', maxLength: 120 }), (title) =>
      /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/.test(slugify(title, 'x')),
    ),
  );
});
