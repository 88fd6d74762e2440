import { expect, test } from 'vitest';
import { filesForSecondLook, withSecondLook } from './second-look.ts';
import { readTestReport } from './test-report.ts';
import type { FileReport, TestReport } from './test-report.ts';

const file = (path: string, states: Readonly<Record<string, 'passed' | 'failed'>>): FileReport => ({
  path,
  ok: Object.values(states).every((state) => state === 'passed') && Object.keys(states).length > 0,
  tests: Object.entries(states).map(([name, state]) => ({ name, state, milliseconds: 1 })),
});
const run = (files: readonly FileReport[], strayErrors = 0): TestReport => ({
  files: [...files],
  strayErrors,
});

test('files with a failed test, and those that broke before their first, are looked at again', () => {
  const report = run([file('a', { one: 'passed' }), file('b', { one: 'failed' }), file('c', {})]);
  expect(filesForSecondLook(report)).toEqual(['b', 'c']);
});

test('there is no second look where the run went wrong as a whole', () => {
  const failed = (name: string) => file(name, { one: 'failed' });
  expect(filesForSecondLook(undefined)).toEqual([]);
  expect(filesForSecondLook(run([failed('a')], 1))).toEqual([]);
  expect(filesForSecondLook(run(['a', 'b', 'c', 'd'].map(failed)))).toEqual([]);
});

test('a broken promise is not made good by the next run', () => {
  const report = run([file('tests/end-to-end/nothing-lost.e2e.test.ts', { one: 'failed' })]);
  expect(filesForSecondLook(report)).toEqual([]);
});

test('what passes alone is counted as passed, and named', () => {
  const first = run([file('a', { one: 'passed' }), file('b', { two: 'failed', three: 'passed' })]);
  const { report, unsteady } = withSecondLook(first, run([file('b', { two: 'passed', three: 'passed' })]));
  expect(unsteady).toEqual(['two']);
  expect(readTestReport(report, 0)).toMatchObject({ passed: 3, failed: 0 });
});

test('a file that broke before its first test is named itself', () => {
  const { unsteady } = withSecondLook(run([file('b', {})]), run([file('b', { two: 'passed' })]));
  expect(unsteady).toEqual(['b']);
});

test('what fails again, or fails only now, has failed', () => {
  const first = run([file('a', { one: 'failed', two: 'passed' }), file('b', {})]);
  const second = run([file('a', { one: 'failed', two: 'failed' }), file('b', {})]);
  const { report, unsteady } = withSecondLook(first, second);
  expect(unsteady).toEqual([]);
  expect(readTestReport(report, 1)).toMatchObject({ passed: 0, failed: 3 });
});

test('what failed, and is left out or is not there the second time, has failed', () => {
  const first = run([file('a', { one: 'failed', two: 'failed', three: 'passed' })]);
  const skipped = { name: 'one', state: 'skipped' as const, milliseconds: 0 };
  const again = file('a', { three: 'passed' });
  const { report, unsteady } = withSecondLook(first, run([{ ...again, tests: [...again.tests, skipped] }]));
  expect(unsteady).toEqual([]);
  expect(readTestReport(report, 0)).toMatchObject({ passed: 1, failed: 2, skipped: 0 });
});

test('what failed in a file that is not looked at again has failed', () => {
  const first = run([file('a', { one: 'failed' }), file('nothing-lost', { two: 'failed' })]);
  const { report } = withSecondLook(first, run([file('a', { one: 'passed' })]));
  expect(readTestReport(report, 0)).toMatchObject({ passed: 1, failed: 1 });
});
