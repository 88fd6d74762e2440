import { type ErrorBody, toErrorBody } from '@playhouse/contract/errors/playhouse-error';
import type { OperationReport } from '@playhouse/contract/link/report';
import type { OperationStatus, Step as StepState } from '@playhouse/contract/operation';
import type { StepVoice } from './step.ts';

export interface ReportSink {
  /** Gets the whole report after every change. */
  report(report: OperationReport): void;
  log(operationId: string, lines: readonly string[]): void;
}

/** How often at most a running step’s progress is told. */
const progressIntervalMs = 200;

/** Keeps the state of one operation and tells the sink whenever it changes. */
export class OperationReporter {
  readonly #sink: ReportSink;
  readonly #started = new Map<string, number>();
  #report: OperationReport;
  #lastTold = 0;
  #mask = (text: string): string => text;

  constructor(operationId: string, labels: readonly string[], sink: ReportSink, firstRevision: number) {
    this.#sink = sink;
    this.#report = {
      operationId,
      revision: firstRevision,
      status: 'running',
      steps: labels.map((label) => emptyStep(label)),
      error: null,
    };
  }

  get current(): OperationReport {
    return this.#report;
  }

  /** From now on all that is told goes through this, which takes out what is nobody’s to read. */
  maskWith(mask: (text: string) => string): void {
    this.#mask = mask;
  }

  /** Marks a step as running and gives it its voice. */
  begin(label: string, signal: AbortSignal): StepVoice {
    this.#started.set(label, performance.now());
    this.#change(label, { status: 'running', startedAt: new Date().toISOString() });
    this.log(`${label} …`);
    return {
      signal,
      detail: (detail) => this.#change(label, { detail: this.#mask(detail) }),
      progress: (progress) => {
        const due = performance.now() - this.#lastTold >= progressIntervalMs;
        this.#change(label, { progress }, due || progress.done >= progress.total);
      },
      log: (line) => this.log(line),
    };
  }

  finish(label: string): void {
    this.log(`${label}: done in ${((this.#elapsed(label) ?? 0) / 1000).toFixed(2)} s`);
    this.#change(label, { status: 'done', durationMs: this.#elapsed(label), progress: null });
  }

  /** A step that an earlier engine had already done. */
  skip(label: string): void {
    this.#change(label, { status: 'done' });
  }

  failStep(label: string): void {
    this.#change(label, { status: 'failed', durationMs: this.#elapsed(label) });
  }

  log(line: string): void {
    this.#sink.log(this.#report.operationId, [this.#mask(line)]);
  }

  /** The final report. The error carries the label of the step that failed. Not told: it must be made durable first. */
  ended(
    status: Extract<OperationStatus, 'succeeded' | 'failed' | 'cancelled'>,
    thrown?: unknown,
  ): OperationReport {
    const error = status === 'succeeded' ? null : this.describe(thrown);
    if (error) this.log(`${error.step ?? 'operation'}: ${error.message}`);
    this.#report = { ...this.#report, status, error, revision: this.#report.revision + 1 };
    return this.#report;
  }

  /** What was thrown, with the label of the step that failed. */
  describe(thrown: unknown): NonNullable<OperationReport['error']> {
    const error = toErrorBody(thrown);
    return withStep({ ...error, message: this.#mask(error.message) }, this.#report.steps);
  }

  #elapsed(label: string): number | null {
    const started = this.#started.get(label);
    return started === undefined ? null : Math.round(performance.now() - started);
  }

  #change(label: string, change: Partial<StepState>, tell = true): void {
    const steps = this.#report.steps.map((step) => (step.label === label ? { ...step, ...change } : step));
    this.#report = { ...this.#report, steps, revision: this.#report.revision + 1 };
    if (!tell) return;
    this.#lastTold = performance.now();
    this.#sink.report(this.#report);
  }
}

function withStep(error: ErrorBody, steps: readonly StepState[]): NonNullable<OperationReport['error']> {
  const step = steps.find(({ status }) => status === 'failed')?.label ?? null;
  const problems = error.problems === undefined ? {} : { problems: [...error.problems] };
  return { code: error.code, message: error.message, hint: error.hint, ...problems, step };
}

function emptyStep(label: string): StepState {
  return { label, status: 'pending', startedAt: null, durationMs: null, detail: null, progress: null };
}
