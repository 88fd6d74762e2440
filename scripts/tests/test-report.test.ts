import { expect, test } from 'vitest';
import { lastLine, readTestReport } from './test-report.ts';
import type { VitestReport } from './test-report.ts';

const report = (parts: Partial<VitestReport>): VitestReport => ({
  numPassedTests: 0,
  numFailedTests: 0,
  numPendingTests: 0,
  testResults: [],
  ...parts,
});

test('tests are counted and the slowest comes first', () => {
  const assertionResults = [
    { fullName: 'quick', status: 'passed', duration: 1 },
    { fullName: 'slow', status: 'passed', duration: 9 },
  ];
  const testResults = [{ name: 'a.test.ts', status: 'passed', assertionResults }];
  const tally = readTestReport(report({ numPassedTests: 2, numPendingTests: 1, testResults }), 0);
  expect(tally).toMatchObject({ passed: 2, failed: 0, skipped: 1 });
  expect(tally.slowest.map((entry) => entry.name)).toEqual(['slow', 'quick']);
});

test('a file that broke before its first test is a failed test', () => {
  const testResults = [{ name: 'a.test.ts', status: 'failed', message: 'SyntaxError', assertionResults: [] }];
  expect(readTestReport(report({ testResults }), 1).failed).toBe(1);
});

test('a bad end without a failed test is a failed test', () => {
  expect(readTestReport(report({ numPassedTests: 5 }), 1)).toMatchObject({ passed: 5, failed: 1 });
});

test('a run without a report is a failed test', () => {
  expect(readTestReport(undefined, 0)).toMatchObject({ passed: 0, failed: 1 });
});

test('the last line names skipped tests only when there are some', () => {
  expect(lastLine({ passed: 3, failed: 0, skipped: 0 })).toBe('3 passed, 0 failed');
  expect(lastLine({ passed: 3, failed: 1, skipped: 2 })).toBe('3 passed, 1 failed, 2 skipped');
});
