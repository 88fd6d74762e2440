import { finish } from '../../output/finish.ts';
import type { Context } from '../../program/context.ts';
import { awaitOperation } from '../await-operation.ts';
import { snapshotIdOf } from '../snapshot/snapshot-id-of.ts';

export interface DrillInput {
  readonly snapshot: string | undefined;
  readonly noWait: boolean;
}

/** `playhouse vault drill` */
export async function drillVault(context: Context, input: DrillInput): Promise<undefined> {
  const { client } = await context.connect();
  const snapshotId = input.snapshot === undefined ? null : await snapshotIdOf(client, input.snapshot);
  const { operation } = await client('vault.drill', { body: { snapshotId } });
  if (input.noWait) {
    const words = `The vault is being drilled.\n  Follow it: playhouse logs ${operation.id} --follow\n`;
    await finish(context, { operation }, () => words);
    return;
  }
  const ended = await awaitOperation(context, operation);
  const words = `The drill went well: ${ended.steps[0]?.detail ?? 'a snapshot came back and booted'}.\n`;
  await finish(context, { operation: ended }, () => words);
}
