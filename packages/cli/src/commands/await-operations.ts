import type { Operation, Step } from '@playhouse/contract/operation';
import { hasEnded } from '@playhouse/contract/operation';
import { followOperation } from '../connection/follow-operation.ts';
import type { Context } from '../program/context.ts';
import { Interrupted } from '../program/interrupted.ts';
import { createRenderer } from '../progress/create-renderer.ts';
import type { ProgressRenderer } from '../progress/renderer.ts';

/** An operation as one step of work that consists of several. */
export interface Part {
  readonly label: string;
  readonly operation: Operation;
}

/**
 * Shows several operations, one line each, until all have ended, however they end; gives them in their order.
 * @throws Interrupted with what Ctrl-C leaves running
 */
export async function awaitOperations(
  context: Context,
  parts: readonly Part[],
  renderer?: ProgressRenderer,
): Promise<readonly Operation[]> {
  const shown = renderer ?? (await createRenderer(context));
  const latest = parts.map(({ operation }) => operation);
  const show = (): void =>
    shown.update(latest.map((operation, index) => operationStep(parts[index]?.label ?? '', operation)));
  try {
    const connection = await context.connect();
    return await Promise.all(
      parts.map(async ({ operation }, index) => {
        const onUpdate = (next: Operation): void => {
          latest[index] = next;
          show();
        };
        return await followOperation(connection, { operation, onUpdate, signal: context.signal });
      }),
    );
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    const left = latest.filter(({ status }) => !hasEnded(status));
    throw new Interrupted(
      ['Interrupted; this goes on without you:']
        .concat(
          left.map(({ id, kind, subject }) => `  ${kind} of ${subject.name}: playhouse logs ${id} --follow`),
        )
        .join('\n'),
    );
  } finally {
    shown.stop();
  }
}

const stepStatuses = {
  pending: 'pending',
  running: 'running',
  succeeded: 'done',
  failed: 'failed',
  cancelled: 'failed',
} as const;

/** An operation in one line: what it is at just now, and how long it took so far. */
export function operationStep(label: string, { status, steps }: Operation): Step {
  const current = steps.find((step) => step.status === 'running');
  const durations = steps.flatMap(({ durationMs }) => (durationMs === null ? [] : [durationMs]));
  return {
    label,
    status: stepStatuses[status],
    startedAt: steps.find(({ startedAt }) => startedAt !== null)?.startedAt ?? null,
    durationMs: durations.length === 0 ? null : durations.reduce((sum, each) => sum + each, 0),
    detail: current?.label ?? null,
    progress: current?.progress ?? null,
  };
}
