import { finish } from '../../output/finish.ts';
import type { Context } from '../../program/context.ts';
import { awaitOperation } from '../await-operation.ts';
import { confirm } from '../confirm.ts';
import { snapshotIdOf } from './snapshot-id-of.ts';

export interface RemoveInput {
  readonly snapshot: string;
  readonly force: boolean;
  readonly noWait: boolean;
}

/** `playhouse snapshot remove` */
export async function removeSnapshot(context: Context, input: RemoveInput): Promise<undefined> {
  const { client } = await context.connect();
  const snapshot = await snapshotIdOf(client, input.snapshot);
  if (!(await confirm(context, `Remove the snapshot ${snapshot}, also from the vault?`, input.force))) return;
  const { operation } = await client('snapshot.remove', { parameters: { snapshot } });
  if (input.noWait) {
    await finish(context, { operation }, () => `${snapshot} is being removed.\n`);
    return;
  }
  const ended = await awaitOperation(context, operation);
  await finish(context, { operation: ended }, () => `${snapshot} is removed.\n`);
}
