/** What the tests of one file came to. */
export interface FileReport {
  path: string;
  /** False also when it broke before its first test. */
  ok: boolean;
  tests: { name: string; state: 'passed' | 'failed' | 'skipped' | 'pending'; milliseconds: number }[];
}

/** What a run of vitest came to. */
export interface TestReport {
  files: FileReport[];
  /** Errors that belong to no test, such as an unhandled rejection or a killed worker. */
  strayErrors: number;
}

export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
  /** Slowest first. */
  slowest: { name: string; milliseconds: number }[];
  /** Tests that failed, and passed when their file was run again alone. */
  unsteady: string[];
}

/** Of a part that did not run to its end, or runs one thing only. */
export const emptyTally: Tally = { passed: 0, failed: 0, skipped: 0, slowest: [], unsteady: [] };

/**
 * Counts a run. A file that broke before its first test counts as one failed test, and so does a run that ended badly
 * although no test failed: nothing that went wrong may leave the count at 0.
 */
export function readTestReport(report: TestReport | undefined, exitCode: number): Tally {
  if (!report) return { ...emptyTally, failed: 1 };
  const tests = report.files.flatMap((file) => file.tests);
  const count = (...states: string[]) => tests.filter(({ state }) => states.includes(state)).length;
  const broken = report.files.filter(
    (file) => !file.ok && !file.tests.some(({ state }) => state === 'failed'),
  );
  const failed = count('failed') + broken.length + report.strayErrors;
  const slowest = tests
    .map(({ name, milliseconds }) => ({ name, milliseconds }))
    .toSorted((a, b) => b.milliseconds - a.milliseconds);
  return {
    passed: count('passed'),
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    skipped: count('skipped', 'pending'),
    slowest,
    unsteady: [],
  };
}

/** The last line of a test run, which other programs read: `N passed, N failed`, and the skipped ones if there are any. */
export function lastLine({ passed, failed, skipped }: Omit<Tally, 'slowest' | 'unsteady'>): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
