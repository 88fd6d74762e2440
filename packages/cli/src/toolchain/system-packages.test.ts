import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseSystemPackages } from './system-packages.ts';

test('packages come by section, in order, with their reasons', () => {
  const { sections, problems } = parseSystemPackages(
    '# about the list\n\n[run]  # playrooms\nqemu-utils # layers\nlibstdc++6 # C++\n[test]\ncurl # reach servers\n',
  );
  expect(problems).toEqual([]);
  expect(sections).toEqual({
    run: [
      { name: 'qemu-utils', reason: 'layers' },
      { name: 'libstdc++6', reason: 'C++' },
    ],
    test: [{ name: 'curl', reason: 'reach servers' }],
  });
});

test('all problems are told at once, each with its line', () => {
  const { problems } = parseSystemPackages(
    'early # x\n[run]\nnoreason\nTwo Words # x\ncurl # a\ncurl # b\n[run]\n',
  );
  expect(problems.map((problem) => problem.line)).toEqual([1, 3, 4, 6, 7]);
});

test('a section called like a property of every object is only a section', () => {
  expect(parseSystemPackages('[constructor]\ncurl # a\n').sections).toEqual({
    constructor: [{ name: 'curl', reason: 'a' }],
  });
});

test('what the launcher needs may be needed later, too', () => {
  const { problems } = parseSystemPackages('[launcher]\ncurl # a\n[run]\ncurl # b\n[test]\ncurl # c\n');
  expect(problems.map((problem) => problem.line)).toEqual([6]);
});

const ofCheckout = (name: string): string =>
  readFileSync(new URL(`../../../../${name}`, import.meta.url), 'utf8');

test('the launcher installs what the list says', () => {
  const { sections } = parseSystemPackages(ofCheckout('system-packages.txt'));
  const installed = [...ofCheckout('playhouse').matchAll(/"\$@" install ([a-z0-9.+ -]+?)(?: \|\||;)/g)];
  const wanted = sections['launcher']?.map(({ name }) => name).join(' ');
  expect(installed.map(([, names]) => names)).toEqual([wanted, wanted]);
});

test('the list of this checkout has no problem and all sections', () => {
  const text = ofCheckout('system-packages.txt');
  const { sections, problems } = parseSystemPackages(text);
  expect(problems).toEqual([]);
  expect(Object.keys(sections)).toEqual(['launcher', 'run', 'test']);
  expect(sections['run']?.map((entry) => entry.name)).toContain('qemu-system-x86');
});

test('whatever the text, it is read without throwing', () => {
  fc.assert(fc.property(fc.string(), (text) => Array.isArray(parseSystemPackages(text).problems)));
});
