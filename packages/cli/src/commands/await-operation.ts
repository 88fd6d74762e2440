import { type ErrorBody, fromErrorBody, PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Operation } from '@playhouse/contract/operation';
import { followOperation } from '../connection/follow-operation.ts';
import type { Context } from '../program/context.ts';
import { Interrupted } from '../program/interrupted.ts';
import { createRenderer } from '../progress/create-renderer.ts';
import type { ProgressRenderer } from '../progress/renderer.ts';

/**
 * Shows an operation's steps until it ends; resolves when it succeeded.
 * @throws PlayhouseError with the operation's own error; Interrupted with what Ctrl-C leaves running
 */
export async function awaitOperation(
  context: Context,
  operation: Operation,
  renderer?: ProgressRenderer,
): Promise<Operation> {
  const shown = renderer ?? (await createRenderer(context));
  try {
    const connection = await context.connect();
    const onUpdate = (latest: Operation): void => shown.update(latest.steps);
    return succeeded(await followOperation(connection, { operation, onUpdate, signal: context.signal }));
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    const work = `${operation.kind} of ${operation.subject.name}`;
    throw new Interrupted(
      [
        `Interrupted; the ${work} goes on without you.`,
        `  Follow it: playhouse logs ${starts.includes(operation.kind) ? operation.subject.name : operation.id} --follow`,
        `  Cancel it: playhouse operation cancel ${operation.id}`,
      ].join('\n'),
    );
  } finally {
    shown.stop();
  }
}

/**
 * The operation, when it ended well.
 * @throws PlayhouseError with its error otherwise
 */
export function succeeded(operation: Operation): Operation {
  if (operation.status === 'succeeded') return operation;
  throw operation.error === null
    ? new PlayhouseError('cancelled')
    : fromErrorBody(withWayOn(operation, operation.error as ErrorBody));
}

const starts: readonly string[] = ['playground.start', 'playground.restart'];

/** A start that failed leaves a playground, whose name nobody has seen yet. */
function withWayOn({ kind, subject: { name } }: Operation, error: ErrorBody): ErrorBody {
  const again = `playhouse playground retry ${name}`;
  if (!starts.includes(kind) || error.hint.includes(again)) return error;
  const wayOn = `\`${again}\` takes it up again, \`playhouse playground destroy ${name}\` removes it.`;
  return { ...error, hint: `${error.hint} ${wayOn}` };
}
