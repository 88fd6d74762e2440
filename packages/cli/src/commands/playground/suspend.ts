import { finish } from '../../output/finish.ts';
import type { Context } from '../../program/context.ts';
import { awaitOperation } from '../await-operation.ts';

export interface SuspendInput {
  readonly playground: string;
  readonly noWait: boolean;
}

/** `playhouse playground suspend` */
export async function suspendPlayground(context: Context, input: SuspendInput): Promise<undefined> {
  const { client } = await context.connect();
  const parameters = { playground: input.playground };
  const { playground, operation } = await client('playground.suspend', { parameters });
  if (input.noWait) {
    await finish(context, { playground, operation }, () => `${playground.name} is being suspended.\n`);
    return;
  }
  await awaitOperation(context, operation);
  const suspended = await client('playground.get', { parameters });
  const { name, number } = playground;
  await finish(
    context,
    { playground: suspended.playground },
    () => `${name} is suspended.\n  Let it go on: playhouse playground restart ${number}\n`,
  );
}
