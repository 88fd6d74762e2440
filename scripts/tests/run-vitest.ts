import { mkdir, readFile, rm } from 'node:fs/promises';
import { root, runTool } from '../system/run-command.ts';
import { readTestReport } from './test-report.ts';
import type { Tally, VitestReport } from './test-report.ts';

/** Runs one vitest project, showing its output, and counts what it did. `filter` is part of a test file's path. */
export async function runVitest(project: string, filter?: string): Promise<Tally> {
  const file = `${root}.cache/${project}.json`;
  await mkdir(`${root}.cache`, { recursive: true });
  await rm(file, { force: true }); // an old report must not speak for a run that wrote none
  const args = [
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ];
  const { code } = await runTool(
    'vitest/vitest.mjs',
    // A filter may well match no file of one project; run-tests fails when it matched none at all.
    filter === undefined ? args : [...args, '--passWithNoTests', filter],
    { show: true },
  );
  const report = await readFile(file, 'utf8').then(
    (text) => JSON.parse(text) as VitestReport,
    () => undefined,
  );
  if (report === undefined && code === 0) return { passed: 0, failed: 0, skipped: 0, slowest: [] };
  return readTestReport(report, code);
}
