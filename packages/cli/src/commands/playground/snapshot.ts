import { finish } from '../../output/finish.ts';
import type { Context } from '../../program/context.ts';
import { awaitOperation } from '../await-operation.ts';

export interface SnapshotInput {
  readonly playground: string;
  readonly noMemory: boolean;
  readonly noWait: boolean;
}

/** `playhouse playground snapshot` */
export async function snapshotPlayground(context: Context, input: SnapshotInput): Promise<undefined> {
  const { client } = await context.connect();
  const { playground, operation } = await client('playground.snapshot', {
    parameters: { playground: input.playground },
    body: { memory: !input.noMemory },
  });
  const { name, number } = playground;
  const snapshotId = operation.id;
  if (input.noWait) {
    const words = `${name} is being cut as ${snapshotId}.\n  Follow it: playhouse logs ${snapshotId} --follow\n`;
    await finish(context, { snapshotId, operation }, () => words);
    return;
  }
  const ended = await awaitOperation(context, operation);
  const words = `${name} is kept as ${snapshotId}.\n  Go back to it: playhouse playground rewind ${number} ${snapshotId}\n`;
  await finish(context, { snapshotId, operation: ended }, () => words);
}
