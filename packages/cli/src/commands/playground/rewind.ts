import { finish } from '../../output/finish.ts';
import type { Context } from '../../program/context.ts';
import { awaitOperation } from '../await-operation.ts';
import { snapshotIdOf } from '../snapshot/snapshot-id-of.ts';

export interface RewindInput {
  readonly playground: string;
  readonly snapshot: string;
  readonly cold: boolean;
  readonly noWait: boolean;
}

/** `playhouse playground rewind` */
export async function rewindPlayground(context: Context, input: RewindInput): Promise<undefined> {
  const { client } = await context.connect();
  const parameters = { playground: input.playground };
  const snapshotId = await snapshotIdOf(client, input.snapshot);
  const { playground, operation } = await client('playground.rewind', {
    parameters,
    body: { snapshotId, cold: input.cold },
  });
  const { name } = playground;
  if (input.noWait) {
    await finish(context, { playground, operation }, () => `${name} is being taken back.\n`);
    return;
  }
  await awaitOperation(context, operation);
  const running = await client('playground.get', { parameters });
  const words = `${name} is running, as it was at ${snapshotId}.\n  What it was before is kept as ${operation.id}.\n`;
  await finish(context, { playground: running.playground, formerSnapshotId: operation.id }, () => words);
}
