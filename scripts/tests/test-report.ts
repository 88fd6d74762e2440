/** The part of vitest's JSON report that we read. */
export interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests?: number;
  testResults: {
    name: string;
    status: string;
    message?: string;
    assertionResults: { fullName: string; status: string; duration?: number | null }[];
  }[];
}

export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
  /** Slowest first. */
  slowest: { name: string; milliseconds: number }[];
}

/**
 * Counts a run. A file that broke before its first test counts as one failed test, and so does a run that ended badly
 * although no test failed (an unhandled rejection, a killed worker): nothing that went wrong may leave the count at 0.
 */
export function readTestReport(report: VitestReport | undefined, exitCode: number): Tally {
  if (!report) return { passed: 0, failed: 1, skipped: 0, slowest: [] };
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((result) => result.status === 'failed'),
  );
  const failed = report.numFailedTests + broken.length;
  const slowest = report.testResults
    .flatMap((file) => file.assertionResults)
    .map((result) => ({ name: result.fullName, milliseconds: result.duration ?? 0 }))
    .toSorted((a, b) => b.milliseconds - a.milliseconds);
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    skipped: report.numPendingTests + (report.numTodoTests ?? 0),
    slowest,
  };
}

/** The last line of a test run, which other programs read: `N passed, N failed`, and the skipped ones if there are any. */
export function lastLine({ passed, failed, skipped }: Omit<Tally, 'slowest'>): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
