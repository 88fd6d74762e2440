import { finish } from '../../output/finish.ts';
import { followOperation } from '../../connection/follow-operation.ts';
import type { Context } from '../../program/context.ts';

export interface CancelInput {
  readonly operation: string;
  readonly noWait: boolean;
}

/** `playhouse operation cancel`: waits until what the operation made is undone. */
export async function cancelOperation(context: Context, input: CancelInput): Promise<undefined> {
  const connection = await context.connect();
  const { operation } = await connection.client('operation.cancel', {
    parameters: { operation: input.operation },
  });
  if (input.noWait) {
    await finish(context, { operation }, () => `Operation ${operation.id} is being cancelled.\n`);
    return;
  }
  const ended = await followOperation(connection, {
    operation,
    onUpdate: () => undefined,
    signal: context.signal,
  });
  await finish(context, { operation: ended }, () => `Operation ${operation.id} ended: ${ended.status}.\n`);
}
