import { finish } from '../../output/finish.ts';
import type { Context } from '../../program/context.ts';
import { awaitOperation } from '../await-operation.ts';

export interface DestroyInput {
  readonly playground: string;
  readonly noWait: boolean;
}

/** `playhouse playground destroy` */
export async function destroyPlayground(context: Context, input: DestroyInput): Promise<undefined> {
  const { client } = await context.connect();
  const { playground, operation } = await client('playground.destroy', {
    parameters: { playground: input.playground },
  });
  if (input.noWait) {
    await finish(context, { playground, operation }, () => `${playground.name} is being destroyed.\n`);
    return;
  }
  const ended = await awaitOperation(context, operation);
  await finish(
    context,
    { playgroundId: playground.id, operation: ended },
    () => `${playground.name} is destroyed.\n`,
  );
}
