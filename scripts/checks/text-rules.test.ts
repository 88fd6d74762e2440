import { expect, test } from 'vitest';
import { lengthProblems, wordProblems } from './text-rules.ts';

const lines = (count: number): string => 'x\n'.repeat(count);

test('a source file over 300 lines must be listed with a reason', () => {
  expect(lengthProblems('packages/a/src/a.ts', lines(300))).toEqual([]);
  expect(lengthProblems('packages/a/src/a.ts', lines(301))).toHaveLength(1);
  expect(lengthProblems('packages/a/src/a.ts', lines(301), { 'packages/a/src/a.ts': 'one table' })).toEqual(
    [],
  );
});

test('a listing that is no longer needed is told', () => {
  expect(lengthProblems('playhouse', lines(10), { playhouse: 'long once' })).toHaveLength(1);
});

test('documents and data may be of any length', () => {
  expect(lengthProblems('docs/a.md', lines(900))).toEqual([]);
});

test('a registry host is found with its line', () => {
  const host = ['deb.', 'debian.org'].join('');
  expect(wordProblems('a.ts', `\n\nconst mirror = '${host}';\n`)).toEqual([
    expect.stringMatching(/^a\.ts:3: /),
  ]);
});

test('an ordinary text has no findings', () => {
  expect(wordProblems('a.md', 'Install Node.js 24 from your distribution.')).toEqual([]);
});
