import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeDollars } from './fill-in.ts';
import { findTemplateUses, hasPlaceholder, replaceTemplates, templatesIn } from './find-templates.ts';

test.each([
  ['$$var__A', ['A']],
  ['x-$$var__A_B.$$random__C', ['A_B', 'C']],
  ['$$$$var__A', ['A']],
  ['$var__A', []],
  ['$$$var__A', []],
  ['$$variable', []],
  ['$$var__', []],
  ['$$root_domains', []],
])('the templates of %s', (text, names) => {
  expect(templatesIn(text).map((template) => (template.kind === 'root-domain' ? '' : template.name))).toEqual(
    names,
  );
});

test('uses are found in keys and values, and not in our own block', () => {
  const file = {
    'x-playgrounds': { variables: { A: { default: '$$var__A' } } },
    services: { $$var__A: { image: 'x:$$root_domain', ports: ['$$var__B:80'] } },
  };
  expect(findTemplateUses(file).map(({ path }) => path)).toEqual([
    ['services', '$$var__A'],
    ['services', '$$var__A', 'image'],
    ['services', '$$var__A', 'ports', 0],
  ]);
});

test('what Compose interpolates is a placeholder too, an escaped dollar sign is none', () => {
  expect(['$A', '${A}', '${A:-b}', '$$var__A', 'a$$root_domain'].map(hasPlaceholder)).not.toContain(false);
  expect(['', 'a', '$$A', '$$$$', '$', '$ 5', '$$', 'a$1'].map(hasPlaceholder)).not.toContain(true);
});

test('a value comes through Compose as it was given, whatever stands beside it', () => {
  fc.assert(
    fc.property(fc.string(), fc.stringMatching(/^[a-z ]*$/), (value, beside) => {
      const filled = replaceTemplates(`${beside}$$$$var__A-`, () => escapeDollars(value));
      // What Compose makes of it: every pair is one dollar sign.
      expect(filled.replaceAll('$$', () => '$')).toBe(`${beside}$${value}-`);
    }),
  );
});
