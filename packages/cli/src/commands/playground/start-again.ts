import { finish } from '../../output/finish.ts';
import type { Context } from '../../program/context.ts';
import { awaitOperation } from '../await-operation.ts';

export interface StartAgainInput {
  readonly playground: string;
  readonly noWait: boolean;
}

/** `playhouse playground retry` */
export async function retryPlayground(context: Context, input: StartAgainInput): Promise<undefined> {
  await startAgain(context, input, 'playground.retry');
}

/** `playhouse playground restart` */
export async function restartPlayground(context: Context, input: StartAgainInput): Promise<undefined> {
  await startAgain(context, input, 'playground.restart');
}

async function startAgain(
  context: Context,
  input: StartAgainInput,
  route: 'playground.retry' | 'playground.restart',
): Promise<void> {
  const { client } = await context.connect();
  const parameters = { playground: input.playground };
  const { playground, operation } = await client(route, { parameters });
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
