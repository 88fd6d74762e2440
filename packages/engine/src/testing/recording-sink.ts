import type { OperationReport } from '@playhouse/contract/link/report';
import type { ReportSink } from '../operations/operation-reporter.ts';

/** Keeps everything that operations tell. */
export class RecordingSink implements ReportSink {
  readonly reports: OperationReport[] = [];
  readonly lines: string[] = [];

  report(report: OperationReport): void {
    this.reports.push(report);
  }

  log(_operationId: string, lines: readonly string[]): void {
    this.lines.push(...lines);
  }

  /** The statuses an operation was told to have, without repeats. */
  statuses(operationId: string): readonly string[] {
    const own = this.reports.filter((report) => report.operationId === operationId);
    return own.map(({ status }) => status).filter((status, index, all) => status !== all[index - 1]);
  }
}
