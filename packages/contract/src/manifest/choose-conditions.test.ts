import { expect, test } from 'vitest';
import { chooseConditions } from './choose-conditions.ts';

const condition = (key: string, more: object = {}) => ({ key, nullable: false, ...more });

test('defaults hold where nothing was chosen', () => {
  const { chosen, faults } = chooseConditions(
    [condition('a', { default: 'x' }), condition('b', { nullable: true })],
    {},
  );
  expect([chosen, faults]).toEqual([{ a: 'x' }, []]);
});

test('an empty value leaves a nullable choice open, even one with a default', () => {
  const nullable = condition('a', { nullable: true, default: 'x', options: ['x'] });
  expect(chooseConditions([nullable], { a: '' })).toEqual({ chosen: {}, faults: [] });
  expect(chooseConditions([condition('a', { options: ['x'] })], { a: '' }).faults).toEqual([
    '`a` cannot be `` (one of: x)',
  ]);
});

test('everything that is missing or wrong is named, with what is expected', () => {
  const conditions = [
    condition('Runtime', { options: ['containerd', 'cri-o'] }),
    condition('Name', { validationRegex: '^[a-z]+$' }),
    condition('Mail', { placeholder: 'me@example.org' }),
  ];
  expect(chooseConditions(conditions, { Runtime: 'docker', Name: 'a1', runtim: 'x' }).faults).toEqual([
    'there is no choice called `runtim`, did you mean `Runtime`?',
    '`Runtime` cannot be `docker` (one of: containerd, cri-o)',
    '`Name` cannot be `a1` (must match ^[a-z]+$)',
    '`Mail` has no value (for example: me@example.org)',
  ]);
});

test('a pattern is searched for, and none runs for ever', () => {
  const choose = (validationRegex: string, a: string) =>
    chooseConditions([condition('a', { validationRegex })], { a }).faults.length;
  expect([choose('b', 'abc'), choose('^b$', 'abc')]).toEqual([0, 1]);
  // A backtracking engine would not come back from this.
  expect(choose('^(a+)+$', `${'a'.repeat(900)}!`)).toBe(1);
});

test('keys that mean something to JavaScript are keys like any other', () => {
  const { chosen, faults } = chooseConditions(
    [condition('__proto__'), condition('constructor')],
    JSON.parse('{"__proto__":"x"}') as object as Record<string, string>,
  );
  expect(Object.entries(chosen)).toEqual([['__proto__', 'x']]);
  expect(faults).toEqual(['`constructor` has no value']);
});
