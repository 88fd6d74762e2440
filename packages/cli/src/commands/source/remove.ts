import { finish } from '../../output/finish.ts';
import type { Context } from '../../program/context.ts';
import { awaitOperation } from '../await-operation.ts';

export interface RemoveInput {
  readonly source: string;
  readonly noWait: boolean;
}

/** `playhouse source remove` */
export async function removeSource(context: Context, input: RemoveInput): Promise<undefined> {
  const { client } = await context.connect();
  const { operation } = await client('source.remove', { parameters: { name: input.source } });
  const { name } = operation.subject;
  if (input.noWait) {
    const words = `${name} is being removed.\n  Follow it: playhouse logs ${operation.id} --follow\n`;
    await finish(context, { operation }, () => words);
    return;
  }
  const ended = await awaitOperation(context, operation);
  await finish(context, { operation: ended }, () => `${name} is removed.\n`);
}
