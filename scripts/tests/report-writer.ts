// Writes down what `./playhouse test` counts, into the file that the environment variable TEST_REPORT names.
import { writeFileSync } from 'node:fs';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';
import type { FileReport, TestReport } from './test-report.ts';

export class ReportWriter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], strayErrors: readonly SerializedError[]): void {
    const file = process.env['TEST_REPORT'];
    if (file === undefined) return;
    const report: TestReport = { files: modules.map(fileReport), strayErrors: strayErrors.length };
    writeFileSync(file, JSON.stringify(report));
  }
}

function fileReport(module: TestModule): FileReport {
  const tests = [...module.children.allTests()].map((test) => ({
    name: test.fullName,
    state: test.result().state,
    milliseconds: test.diagnostic()?.duration ?? 0,
  }));
  return { path: module.moduleId, ok: module.ok(), tests };
}
