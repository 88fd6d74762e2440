import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { labelPrefix, labelTable } from './label-table.ts';
import { listLabels, readLabels } from './read-labels.ts';

const read = (labels: unknown) => readLabels(listLabels(labels, ['services', 'web', 'labels']), 'web');
const codes = (labels: unknown) => read(labels).issues.map(({ code, path }) => [code, path.at(-1)]);

test('the list form and the map form mean the same', () => {
  const values = { port: 8080, zerodowntime: true, visibility: 'external', build_args: { A: 'b=c' } };
  const map = { port: 8080, zerodowntime: true, visibility: 'external', build_args: 'A=b=c' };
  const whole = Object.entries(map).map(([name, value]) => [labelPrefix + name, value] as const);
  expect(read(Object.fromEntries(whole)).values).toEqual(values);
  expect(read(whole.map(([name, value]) => `${name}=${value}`)).values).toEqual(values);
});

test('labels of others are left alone', () => {
  expect(read({ 'com.example.port': 'x', playgrounds: 'x', 'playgroundsx.port': '1' })).toMatchObject({
    values: {},
    issues: [],
  });
});

test('an unknown label names the one that was probably meant', () => {
  const [issue] = read({ 'playgrounds.zero_downtime': 'true' }).issues;
  expect(issue).toMatchObject({
    code: 'compose-unknown-label',
    path: ['services', 'web', 'labels', 'playgrounds.zero_downtime'],
  });
  expect(issue?.parameters['advice']).toContain('Did you mean `playgrounds.zerodowntime`?');
});

test('wrong values, labels without one, and labels that are written twice', () => {
  expect(
    codes({ 'playgrounds.port': 'http', 'playgrounds.production': 'yes', 'playgrounds.branch': null }),
  ).toEqual([
    ['compose-bad-label', 'playgrounds.port'],
    ['compose-bad-label', 'playgrounds.production'],
    ['compose-bad-label', 'playgrounds.branch'],
  ]);
  expect(codes(['playgrounds.port=80', 'playgrounds.port=81', 'playgrounds.job_watch'])).toEqual([
    ['compose-label-twice', 1],
    ['compose-bad-label', 2],
  ]);
  expect(codes({ 'playgrounds.constructor': 'x' })).toEqual([
    ['compose-unknown-label', 'playgrounds.constructor'],
  ]);
});

test('a value that is yet to be filled in is judged when it is', () => {
  for (const value of ['$$var__PORT', '8$$random__X', '${PORT}', '$PORT', '${PORT:-80}']) {
    expect(read({ 'playgrounds.port': value })).toMatchObject({ values: {}, issues: [] });
  }
  expect(codes({ 'playgrounds.port': '$$80' })).toEqual([['compose-bad-label', 'playgrounds.port']]);
});

test('both forms agree about any labels', () => {
  const name = fc.oneof(
    fc.constantFrom(...Object.keys(labelTable)).map((label) => labelPrefix + label),
    fc.stringMatching(/^[a-z._]{1,12}$/),
  );
  const value = fc.oneof(fc.constantFrom('true', '80', '10s', '@', '/', 'a=b', ''), fc.string());
  fc.assert(
    fc.property(fc.dictionary(name, value), (labels) => {
      const list = Object.entries(labels).map(([key, text]) => `${key}=${text}`);
      expect(read(list).values).toEqual(read(labels).values);
      expect(read(list).issues.map(({ code }) => code)).toEqual(read(labels).issues.map(({ code }) => code));
    }),
  );
});

test('docs/compose.md has every label with what is so without it', () => {
  const text = readFileSync(new URL('../../../../../docs/compose.md', import.meta.url), 'utf8');
  for (const [name, { absent, about }] of Object.entries(labelTable)) {
    expect(text).toContain(`| \`playgrounds.${name}\` | ${about} | ${absent} |`);
  }
});
