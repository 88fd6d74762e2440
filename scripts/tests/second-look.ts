// Real machines and networks beside each other on a busy host: of hundreds of tests one may meet a moment that it was not made for.
// A file with a failed test is run once more, alone. What passes then is counted, and named as unsteady: it asks for a better test,
// or for a fault that shows rarely; it does not say that everything else is in doubt.
import type { FileReport, TestReport } from './test-report.ts';

/** More than so many are no accident. */
const mostFiles = 3;

/** What they look for shows once in many runs: that it does not show in the next one proves nothing. */
const neverAgain = ['nothing-lost'];

/** Files that are worth running again: none when the run went wrong as a whole. */
export function filesForSecondLook(report: TestReport | undefined): string[] {
  if (report === undefined || report.strayErrors > 0) return [];
  const failed = report.files.filter((file) => !file.ok).map(({ path }) => path);
  if (failed.length > mostFiles) return [];
  return failed.filter((path) => !neverAgain.some((name) => path.includes(name)));
}

/** The first run with the files of the second in place of its own. */
export function withSecondLook(
  first: TestReport,
  second: TestReport,
): { report: TestReport; unsteady: string[] } {
  const again = new Map(second.files.map((file) => [file.path, file]));
  const files = first.files.map((file) => {
    const now = again.get(file.path);
    return now === undefined ? file : withWhatIsOwed(file, now);
  });
  const unsteady = first.files.flatMap((file) => {
    const now = again.get(file.path);
    return now === undefined ? [] : unsteadyOf(file, now);
  });
  return { report: { files, strayErrors: first.strayErrors + second.strayErrors }, unsteady };
}

/** The second run of a file. What failed in the first and does not run now has failed all the same. */
function withWhatIsOwed(first: FileReport, second: FileReport): FileReport {
  const ran = new Set(
    second.tests.filter(({ state }) => ['passed', 'failed'].includes(state)).map(({ name }) => name),
  );
  const owed = first.tests.filter(({ name, state }) => state === 'failed' && !ran.has(name));
  const names = new Set(owed.map(({ name }) => name));
  const tests = [...second.tests.filter(({ name }) => !names.has(name)), ...owed];
  return { ...second, ok: second.ok && owed.length === 0, tests };
}

function unsteadyOf(first: FileReport, second: FileReport): string[] {
  const passedNow = new Set(second.tests.filter(({ state }) => state === 'passed').map(({ name }) => name));
  const failed = first.tests.filter(({ state }) => state === 'failed').map(({ name }) => name);
  const names = failed.length > 0 ? failed.filter((name) => passedNow.has(name)) : [first.path];
  return second.ok || failed.length > 0 ? names : [];
}
