// Runs the steps of an operation in order, journaled, so that a crash between or inside steps loses nothing: done steps
// are skipped on the next run, the one that was cut short is run again. A failure undoes everything, last step first, unless
// its step would have it stand.
import { fromErrorBody, PlayhouseError, toErrorBody } from '@playhouse/contract/errors/playhouse-error';
import { crashPoint } from '../system/crash-point.ts';
import type { Journal } from './journal.ts';
import type { OperationReporter } from './operation-reporter.ts';
import type { Step } from './step.ts';

export interface Procedure<Context> {
  readonly kind: string;
  readonly steps: readonly Step<Context>[];
  readonly context: Context;
  readonly journal: Journal;
  readonly reporter: OperationReporter;
  readonly signal: AbortSignal;
}

/** Runs to the end, or undoes all and throws what made it fail. */
export async function runProcedure<Context>(procedure: Procedure<Context>): Promise<void> {
  const { steps, journal } = procedure;
  if (journal.failure) {
    // An earlier engine died while undoing.
    const { step: label, error } = journal.failure;
    procedure.reporter.failStep(label);
    const step = steps.find((each) => each.label === label);
    if (!step?.leavesStanding?.(error)) await undoAll(procedure);
    throw fromErrorBody(error);
  }
  for (const step of steps) {
    if (journal.markOf(step.label) === 'done') procedure.reporter.skip(step.label);
    else await runStep(procedure, step);
  }
}

async function runStep<Context>(procedure: Procedure<Context>, step: Step<Context>): Promise<void> {
  const { kind, journal, reporter, context } = procedure;
  const { signal } = step.isPastReturn?.(context) ? new AbortController() : procedure;
  try {
    await journal.write(step.label, 'begin');
    crashPoint(`${kind}/${step.label}/begin`);
    signal.throwIfAborted();
    await step.run(context, reporter.begin(step.label, signal));
  } catch (thrown) {
    const error = signal.aborted ? new PlayhouseError('cancelled', {}, { cause: thrown }) : thrown;
    if (step.isPastReturn?.(context)) {
      // Not noted either: an engine that takes it up once more finishes it.
      reporter.failStep(step.label);
      throw error;
    }
    const body = toErrorBody(error);
    const note = async () => await journal.write(step.label, 'failed', body).then(() => true);
    // A disk that is full must not keep anything from being undone, which makes room.
    const noted = await note().catch((unwritten: unknown) => {
      reporter.log(`the journal could not be written: ${String(unwritten)}`);
      return false;
    });
    reporter.failStep(step.label);
    crashPoint(`${kind}/${step.label}/failed`);
    if (!step.leavesStanding?.(body)) await undoAll(procedure);
    // Or else an engine that takes it up once more would go forward.
    if (!noted) await note().catch(() => {});
    throw error;
  }
  await journal.write(step.label, 'done');
  reporter.finish(step.label);
  crashPoint(`${kind}/${step.label}/done`);
}

/**
 * Undoes every step that was begun, last first. Steps that were undone before a crash are undone again: that is harmless.
 * One that cannot be undone keeps neither the others from it nor the user from the reason of the failure; what it leaves
 * is for the operation that removes the whole.
 */
async function undoAll<Context>(procedure: Procedure<Context>): Promise<void> {
  const { kind, steps, journal, context, reporter } = procedure;
  for (const step of steps.toReversed()) {
    if (journal.markOf(step.label) === null) continue;
    try {
      await step.undo?.(context);
      await journal.write(step.label, 'undone');
    } catch (error) {
      reporter.log(`${step.label}: could not be undone: ${String(error)}`);
    }
    crashPoint(`${kind}/${step.label}/undone`);
  }
}
