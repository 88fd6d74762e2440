import { finish } from '../../output/finish.ts';
import type { Context } from '../../program/context.ts';
import { awaitOperation } from '../await-operation.ts';
import { snapshotIdOf } from '../snapshot/snapshot-id-of.ts';

export interface VerifyInput {
  readonly snapshot: string | undefined;
  readonly sample: boolean;
  readonly noWait: boolean;
}

/** `playhouse vault verify` */
export async function verifyVault(context: Context, input: VerifyInput): Promise<undefined> {
  const { client } = await context.connect();
  const snapshotId = input.snapshot === undefined ? null : await snapshotIdOf(client, input.snapshot);
  const { operation } = await client('vault.verify', { body: { snapshotId, sample: input.sample } });
  if (input.noWait) {
    const words = `The vault is being verified.\n  Follow it: playhouse logs ${operation.id} --follow\n`;
    await finish(context, { operation }, () => words);
    return;
  }
  const ended = await awaitOperation(context, operation);
  const what = snapshotId === null ? 'everything' : snapshotId;
  const words = `The vault was read and ${input.sample ? `a part of ${what}` : what} found right.\n`;
  await finish(context, { operation: ended }, () => words);
}
