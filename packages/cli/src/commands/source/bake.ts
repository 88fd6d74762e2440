import { finish } from '../../output/finish.ts';
import type { Context } from '../../program/context.ts';
import { awaitOperation } from '../await-operation.ts';

export interface BakeInput {
  readonly source: string;
  readonly noWait: boolean;
}

/** `playhouse source bake` */
export async function bakeSource(context: Context, input: BakeInput): Promise<undefined> {
  const { client } = await context.connect();
  const { operation } = await client('source.bake', { parameters: { name: input.source } });
  if (input.noWait) {
    const words = `${input.source} is being baked.\n  Follow it: playhouse logs ${operation.id} --follow\n`;
    await finish(context, { operation }, () => words);
    return;
  }
  const ended = await awaitOperation(context, operation);
  await finish(context, { operation: ended }, () => `${input.source} is baked.\n`);
}
