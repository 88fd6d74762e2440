import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseCompose } from '../compose/parse-compose.ts';
import { parseManifest } from './parse-manifest.ts';
import { asWritten, readYaml } from './read-yaml.ts';

const told = (text: string) =>
  (readYaml(text, 'a.yaml').problems ?? []).map(({ code, line, column }) => `${code} ${line}:${column}`);

test.each([
  ['an alias without anchor', 'a: 1\nb: *nope', ['manifest-alias-unknown 2:4']],
  ['an alias before its anchor', 'a: *b\nb: &b 1', ['manifest-alias-unknown 1:4']],
  ['an alias that is to be merged', 'web: { <<: *nope, image: "box:1" }', ['manifest-alias-unknown 1:12']],
  ['a text that begins with a star', 'host: *.example.com', ['manifest-alias-unknown 1:7']],
  ['an alias inside of its anchor', 'x-a: &a { b: *a }', ['manifest-alias-cycle 1:14']],
  ['an alias deep inside of its anchor', 'a: &a\n  - b: [{ c: *a }]', ['manifest-alias-cycle 2:14']],
  ['a map that is merged into itself', 'a: &a { <<: *a }', ['manifest-alias-cycle 1:13']],
  ['a merged text', 'a:\n  <<: text', ['manifest-bad-merge 2:7']],
  ['nothing merged', '<<:\na: 1', ['manifest-bad-merge 1:4']],
  ['a merged list of texts', 'a: &a [x, y]\nb: { <<: *a }', ['manifest-bad-merge 2:10']],
  ['a list with a text', 'a: &a { b: 1 }\nc: { <<: [*a, x] }', ['manifest-bad-merge 2:10']],
  ['a tag of bytes', 'a: !!binary aGVsbG8=', ['manifest-unknown-tag 1:13']],
  ['a merge tag of a value', 'a: !!merge <<', ['manifest-unknown-tag 1:12']],
])('%s is told at its place', (_, text, places) => {
  expect(told(text)).toEqual(places);
});

test('what may be merged is', () => {
  const read = (text: string) => readYaml(text, 'a.yaml');
  const value = { a: { b: 1 }, c: { b: 1, d: 2 } };
  expect(read('a: &a { b: 1 }\nc: { <<: *a, d: 2 }')).toMatchObject({ value });
  expect(read('a: &a { b: 1 }\nc: { <<: [*a, { d: 2 }] }')).toMatchObject({ value });
  expect(read('c: { <<: [&m { b: 1 }, *m], d: 2 }')).toMatchObject({ value: { c: value.c } });
  expect(read('a: { "<<": text }')).toMatchObject({ value: { a: { '<<': 'text' } } });
});

test('an anchor may be given anew, and name the one before', () => {
  expect(readYaml('a: &a 1\nb: &a { c: 2 }\nd: *a', 'a.yaml')).toMatchObject({ value: { d: { c: 2 } } });
  expect(told('a: &a [1]\nb: [*a]\nc: &a [2]\nd: *a')).toEqual([]);
});

test('an unknown alias is told with the anchor that was meant', () => {
  const [problem] = readYaml('a: &common 1\nb: *comon', 'a.yaml').problems ?? [];
  expect(problem?.hint).toMatch(/^Did you mean `\*common`\? /);
});

test('levels that aliases add up are counted', () => {
  const deep = (inside: string) => `${'['.repeat(300)}${inside}${']'.repeat(300)}`;
  expect(told(`a: &a ${deep('x')}`)).toEqual([]);
  expect(told(`a: &a ${deep('x')}\nb: ${deep('*a')}`)).toEqual(['manifest-too-deep 1:1']);
});

const words = [
  ...['services:', 'web:', 'image: x', 'playground:', 'machines:', 'environment:', 'labels:', 'a:', '<<:'],
  ...['&a ', '&b ', '*a', '*b', '*', '? ', '- ', '"<<":', '!!merge ', '!!set ', '!!omap ', '!!binary '],
  ...[
    '!!int ',
    '!!timestamp ',
    '!!pairs ',
    '! ',
    '!x ',
    '[',
    ']',
    '{',
    '}',
    ', ',
    ': ',
    '\n',
    '\n  ',
    '\n    ',
  ],
  ...['null', '1', '0x1', '.nan', '2001-01-01', 'text', '"', "'", '|', '>', '---', '...', '%YAML 1.1\n', '#'],
  ...['$$var__A', '${A', '__proto__: ', '\t', '\u0000', '\uFEFF', '\uD800'],
];

test('no text makes reading it fail', () => {
  const text = fc.array(fc.constantFrom(...words), { maxLength: 24 }).map((parts) => parts.join(''));
  const block = text.map((inside) => `services:\n  web: { image: x, ${inside} }`);
  const options = { file: 'a.yaml' };
  fc.assert(
    fc.property(fc.oneof(text, block, fc.string()), (written) => {
      readYaml(written, 'a.yaml', asWritten);
      parseCompose(written, options);
      parseManifest(written, options);
    }),
    { numRuns: 1000 },
  );
});
