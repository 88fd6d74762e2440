import { finish } from '../../output/finish.ts';
import type { Context } from '../../program/context.ts';
import { awaitOperation } from '../await-operation.ts';

export interface RetryInput {
  readonly playground: string;
  readonly noWait: boolean;
}

/** `playhouse playground retry` */
export async function retryPlayground(context: Context, input: RetryInput): Promise<undefined> {
  const { client } = await context.connect();
  const parameters = { playground: input.playground };
  const { playground, operation } = await client('playground.retry', { parameters });
  if (input.noWait) {
    const words = `${playground.name} is starting.\n  Follow it: playhouse logs ${operation.id} --follow\n`;
    await finish(context, { playground, operation }, () => words);
    return;
  }
  await awaitOperation(context, operation);
  const running = await client('playground.get', { parameters });
  await finish(
    context,
    running,
    () => `${playground.name} is running.\n  Open a shell: playhouse ssh ${playground.number}\n`,
  );
}
