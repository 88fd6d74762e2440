import { expect, test } from 'vitest';
import type { Problem } from '../../errors/problem.ts';
import { compileCompose } from '../compile-compose.ts';
import { parsedCompose, webText } from '../testing/compose-text.ts';

const notesOf = (line: string) =>
  parsedCompose(webText([line])).notes.filter(({ code }) => code === 'compose-literal-template');

test.each([
  [
    'environment: { KEY: $$secret(16) }',
    '$secret(16)',
    /`random: true`.*`\$\$secret\(N\)` in `\.env\.example`/,
  ],
  ['environment: { KEY: $$secret( }', '$secret(', /`random: true`/],
  ['environment: [KEY=$$vars__A]', '$vars__A', /^Write `\$\$var__NAME`/],
  ['command: echo $$var_X', '$var_X', /^Write `\$\$var__NAME`/],
  ['hostname: a.$$root_domains', '$root_domains', /^Write `\$\$root_domain`/],
])('`%s` is a literal text, with a note', (line, literal, hint) => {
  const [note, ...others] = notesOf(line);
  expect(others).toEqual([]);
  expect(note).toMatchObject({ line: 4, message: expect.stringContaining(`\`${literal}\``) as string });
  expect(note?.hint).toMatch(hint);
});

test.each([
  'command: echo $$root_domain $$HOME $$variable $$secret $$secrets(1)',
  'command: echo $secret_a ${vars__A:-}',
])('`%s` needs no note', (line) => {
  expect(notesOf(line)).toEqual([]);
});

test('extensions of the file are nobody’s business', () => {
  expect(parsedCompose(webText([], ['x-note: $$secret(16)'])).notes).toEqual([]);
});

test('notes are kept when the file is filled in, beside those of others', () => {
  const text = webText(['container_name: x', 'environment: { KEY: $$secret(16) }']);
  const options = { file: 'c.yaml', rootDomain: 'example.org', given: {}, kept: {}, newHex: () => 'x' };
  const { notes = [] } = compileCompose(text, options) as { notes?: readonly Problem[] };
  expect(notes.map(({ code }) => code)).toEqual(['compose-warned', 'compose-literal-template']);
});

test('a dollar sign before a word is none of its own', () => {
  expect(notesOf('command: echo $$$$secret(8) $$$secret').map(({ message }) => message)).toEqual([
    expect.stringContaining('`$secret(8)`'),
  ]);
});

test('values that were given are in no note', () => {
  const text = `${webText(['environment: { A: $$var__A }'])}x-playgrounds: { variables: { A: {} } }\n`;
  const options = { file: 'c.yaml', rootDomain: 'example.org', given: { A: '$var_hunter2' } };
  const compiled = compileCompose(text, { ...options, kept: {}, newHex: () => 'x' });
  expect(compiled.problems).toBeUndefined();
  expect(JSON.stringify('notes' in compiled ? compiled.notes : null)).toBe('[]');
});
