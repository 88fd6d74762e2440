// Carries out accepted operations: one at a time per subject, each to a final report that outlives the engine. What was
// accepted is never lost: an operation that a crash cut short is taken up again from its journal.
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Command } from '@playhouse/contract/link/command';
import type { OperationReport } from '@playhouse/contract/link/report';
import { Turns } from '../system/turns.ts';
import { OperationReporter, type ReportSink } from './operation-reporter.ts';
import type { AcceptedOperation, OperationStore, WorkCommand } from './operation-store.ts';

/** What ends a subject’s work outranks the work, and what ends the subject for good outranks that. */
export type OperationRank = 'work' | 'stop' | 'destroy';
const ranks: readonly OperationRank[] = ['work', 'stop', 'destroy'];

/** How one operation is carried out. */
export interface OperationPlan {
  /** Operations on the same subject run one after the other. */
  readonly subject: string;
  /** Labels of the steps, in order. */
  readonly labels: readonly string[];
  /** Cancels every unfinished one of a lower rank on its subject: it makes them pointless. */
  readonly rank: OperationRank;
  /** Ids of snapshots that stay until it has ended, also while it waits for its turn. */
  readonly reads?: readonly string[];
  /** After a crash it is run again, up to the moment when the server has acknowledged the final report. */
  run(reporter: OperationReporter, signal: AbortSignal): Promise<void>;
  /** Deletes what a repeated run would go by, its journal. Repeatable. */
  forget?(): Promise<void>;
}

type CancelCommand = Extract<Command, { kind: 'operation.cancel' }>;

export type Planner = (command: WorkCommand) => OperationPlan;

interface Running {
  readonly plan: Pick<OperationPlan, 'subject' | 'rank' | 'reads'>;
  readonly abort: AbortController;
}

export class OperationQueue {
  readonly #store: OperationStore;
  readonly #sink: ReportSink;
  readonly #plan: Planner;
  /** Higher than any revision an earlier engine told. */
  readonly #firstRevision: number;
  readonly #operations = new Map<string, AcceptedOperation>();
  readonly #unfinished = new Map<string, Running>();
  readonly #turns = new Turns();
  /** How often work was done that is no operation. */
  #unasked = 0;

  constructor(store: OperationStore, sink: ReportSink, plan: Planner, firstRevision: number) {
    this.#store = store;
    this.#sink = sink;
    this.#plan = plan;
    this.#firstRevision = firstRevision;
  }

  /** Takes up what an earlier engine accepted: unfinished work goes on, final reports are told again. */
  async resume(): Promise<void> {
    for (const operation of await this.#store.load()) {
      this.#operations.set(operation.command.operationId, operation);
      if (operation.report) this.#sink.report(operation.report);
      else this.#schedule(operation);
    }
  }

  /** Accepts a command durably; when this returns it will be carried out whatever happens. Repeats are harmless. */
  async accept(sequence: number, command: WorkCommand | CancelCommand): Promise<void> {
    const known = this.#operations.get(command.operationId);
    if (command.kind === 'operation.cancel') {
      if (known && !known.report) await this.#cancel(known);
      return;
    }
    if (known) return;
    const operation: AcceptedOperation = { sequence, command, cancelled: false, report: null };
    await this.#store.save(operation);
    this.#operations.set(command.operationId, operation);
    this.#schedule(operation);
  }

  /** The server has the final report: the operation can be forgotten. */
  async acknowledged(operationId: string, revision: number): Promise<void> {
    const operation = this.#operations.get(operationId);
    if (!operation?.report || operation.report.revision > revision) return;
    this.#operations.delete(operationId);
    await this.#plan(operation.command).forget?.();
    await this.#store.remove(operationId);
  }

  /** Does work that is nobody’s operation in its subject’s turn; an operation that outranks work aborts it. */
  async runUnasked(subject: string, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const abort = new AbortController();
    const id = `unasked-${++this.#unasked}`;
    this.#unfinished.set(id, { plan: { subject, rank: 'work' }, abort });
    try {
      await this.#turns.take(subject, async () => await work(abort.signal));
    } finally {
      this.#unfinished.delete(id);
    }
  }

  /** Ids of the operations that are not over. */
  get unfinished(): ReadonlySet<string> {
    return new Set(this.#unfinished.keys());
  }

  /** Ids of the snapshots that they read. */
  get readSnapshots(): ReadonlySet<string> {
    return new Set([...this.#unfinished.values()].flatMap(({ plan }) => plan.reads ?? []));
  }

  /** Settles when nothing is left to do. For tests and shutdown. */
  async idle(): Promise<void> {
    while (this.#unfinished.size > 0) await this.#turns.settled();
  }

  async #cancel(operation: AcceptedOperation): Promise<void> {
    const { operationId } = operation.command;
    this.#operations.set(operationId, { ...operation, cancelled: true });
    await this.#store.save({ ...operation, cancelled: true });
    this.#unfinished.get(operationId)?.abort.abort(new PlayhouseError('cancelled'));
  }

  #schedule(operation: AcceptedOperation): void {
    const { operationId } = operation.command;
    const plan = this.#plan(operation.command);
    const abort = new AbortController();
    this.#supersede(plan);
    this.#unfinished.set(operationId, { plan, abort });
    if (operation.cancelled) abort.abort(new PlayhouseError('cancelled'));
    void this.#turns.take(plan.subject, async () => await this.#carryOut(operationId, plan, abort.signal));
  }

  #supersede({ subject, rank }: Pick<OperationPlan, 'subject' | 'rank'>): void {
    for (const { plan, abort } of this.#unfinished.values()) {
      if (plan.subject === subject && ranks.indexOf(plan.rank) < ranks.indexOf(rank))
        abort.abort(new PlayhouseError('cancelled'));
    }
  }

  async #carryOut(operationId: string, plan: OperationPlan, signal: AbortSignal): Promise<void> {
    const reporter = new OperationReporter(operationId, plan.labels, this.#sink, this.#firstRevision);
    await this.#finish(await attempt(plan, reporter, signal));
    this.#unfinished.delete(operationId);
  }

  async #finish(report: OperationReport): Promise<void> {
    const operation = this.#operations.get(report.operationId);
    if (!operation) return;
    const finished = { ...operation, report };
    this.#operations.set(report.operationId, finished);
    // Durable before it is told, so that what the server was told stays true after a crash. On a full disk it is told all
    // the same: a run that is repeated from its journal ends as this one did.
    await this.#store.save(finished).catch((error: unknown) => {
      this.#sink.log(report.operationId, [`the final report could not be written: ${String(error)}`]);
    });
    this.#sink.report(report);
  }
}

async function attempt(
  plan: OperationPlan,
  reporter: OperationReporter,
  signal: AbortSignal,
): Promise<OperationReport> {
  try {
    await plan.run(reporter, signal);
    return reporter.ended('succeeded');
  } catch (error) {
    const cancelled = error instanceof PlayhouseError && error.code === 'cancelled';
    return reporter.ended(cancelled ? 'cancelled' : 'failed', error);
  }
}
