import { expect, test } from 'vitest';
import { lastLine, readTestReport } from './test-report.ts';
import type { FileReport } from './test-report.ts';

const file = (parts: Partial<FileReport>): FileReport => ({
  path: 'a.test.ts',
  ok: true,
  tests: [],
  ...parts,
});
const passed = (name: string, milliseconds = 1) => ({ name, state: 'passed' as const, milliseconds });

test('tests are counted and the slowest comes first', () => {
  const skipped = { name: 'not here', state: 'skipped' as const, milliseconds: 0 };
  const files = [file({ tests: [passed('quick', 1), passed('slow', 9), skipped] })];
  const tally = readTestReport({ files, strayErrors: 0 }, 0);
  expect(tally).toMatchObject({ passed: 2, failed: 0, skipped: 1 });
  expect(tally.slowest.map((entry) => entry.name).slice(0, 2)).toEqual(['slow', 'quick']);
});

test('a file that broke before its first test is a failed test', () => {
  expect(readTestReport({ files: [file({ ok: false })], strayErrors: 0 }, 1).failed).toBe(1);
});

test('an error that belongs to no test is a failed test', () => {
  expect(readTestReport({ files: [file({ tests: [passed('a')] })], strayErrors: 1 }, 1)).toMatchObject({
    passed: 1,
    failed: 1,
  });
});

test('a bad end without a failed test is a failed test', () => {
  expect(readTestReport({ files: [file({ tests: [passed('a')] })], strayErrors: 0 }, 1)).toMatchObject({
    passed: 1,
    failed: 1,
  });
});

test('a run without a report is a failed test', () => {
  expect(readTestReport(undefined, 0)).toMatchObject({ passed: 0, failed: 1 });
});

test('the last line names skipped tests only when there are some', () => {
  expect(lastLine({ passed: 3, failed: 0, skipped: 0 })).toBe('3 passed, 0 failed');
  expect(lastLine({ passed: 3, failed: 1, skipped: 2 })).toBe('3 passed, 1 failed, 2 skipped');
});
