import { mkdir, readFile, rm } from 'node:fs/promises';
import { root, runTool } from '../system/run-command.ts';
import { filesForSecondLook, withSecondLook } from './second-look.ts';
import { emptyTally, readTestReport } from './test-report.ts';
import type { Tally, TestReport } from './test-report.ts';

/** Runs one vitest project, showing its output, and counts what it did. `filter` is part of a test file's path. */
export async function runVitest(project: string, filter?: string): Promise<Tally> {
  // A filter may well match no file of one project; run-tests fails when it matched none at all.
  const { report, code } = await runOnce(project, filter === undefined ? [] : ['--passWithNoTests', filter]);
  if (report === undefined && code === 0) return emptyTally;
  const files = filesForSecondLook(report);
  if (report === undefined || files.length === 0) return readTestReport(report, code);

  console.log(
    `\n── ${project}, again and alone: ${files.map((file) => file.replace(root, '')).join(' ')} ──`,
  );
  const again = await runOnce(project, ['--maxWorkers=1', ...files]);
  if (again.report === undefined) return readTestReport(report, code);
  const looked = withSecondLook(report, again.report);
  return { ...readTestReport(looked.report, again.code), unsteady: looked.unsteady };
}

async function runOnce(
  project: string,
  words: readonly string[],
): Promise<{ report: TestReport | undefined; code: number }> {
  const file = `${root}.cache/${project}.json`;
  await mkdir(`${root}.cache`, { recursive: true });
  await rm(file, { force: true }); // an old report must not speak for a run that wrote none
  const { code } = await runTool('vitest/vitest.mjs', ['run', '--project', project, ...words], {
    show: true,
    env: { TEST_REPORT: file },
  });
  const report = await readFile(file, 'utf8').then(
    (text) => JSON.parse(text) as TestReport,
    () => undefined,
  );
  return { report, code };
}
