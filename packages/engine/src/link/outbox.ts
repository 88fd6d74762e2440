// What the server has to hear: per subject only the latest report, kept until the server says that it has it.
import type { EngineMessage } from '@playhouse/contract/link/protocol';
import type { OperationReport, PlaygroundReport } from '@playhouse/contract/link/report';
import type { ReportSink } from '../operations/operation-reporter.ts';

type ReportMessage = Extract<EngineMessage, { type: 'operation' | 'playground' }>;

export class Outbox implements ReportSink {
  readonly #pending = new Map<string, ReportMessage>();
  #send: ((message: EngineMessage) => void) | null = null;

  /** From now on messages go out; first what the server may have missed. */
  connect(send: (message: EngineMessage) => void): void {
    this.#send = send;
    for (const message of this.#pending.values()) send(message);
  }

  disconnect(): void {
    this.#send = null;
  }

  report(report: OperationReport): void {
    this.#put(report.operationId, { type: 'operation', report });
  }

  playground(report: PlaygroundReport): void {
    this.#put(report.playgroundId, { type: 'playground', report });
  }

  /** Log lines are worth having, not worth keeping: without a server they are dropped. */
  log(operationId: string, lines: readonly string[]): void {
    this.#send?.({ type: 'log', operationId, lines: [...lines] });
  }

  acknowledged(subject: string, revision: number): void {
    const pending = this.#pending.get(subject);
    if (pending && pending.report.revision <= revision) this.#pending.delete(subject);
  }

  #put(subject: string, message: ReportMessage): void {
    this.#pending.set(subject, message);
    this.#send?.(message);
  }
}
