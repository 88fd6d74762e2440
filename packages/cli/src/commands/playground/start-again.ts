import type { Client } from '@playhouse/contract/routes/client';
import type { RouteOutput } from '@playhouse/contract/routes/route';
import type { RouteTable } from '@playhouse/contract/routes/route-table';
import { finish } from '../../output/finish.ts';
import type { Context } from '../../program/context.ts';
import { awaitOperation } from '../await-operation.ts';
import { runningWords } from './started.ts';

export interface StartAgainInput {
  readonly playground: string;
  readonly noWait: boolean;
}

type Accepted = RouteOutput<RouteTable['playground.retry']>;

/** `playhouse playground retry` */
export async function retryPlayground(context: Context, input: StartAgainInput): Promise<undefined> {
  await startAgain(context, input, async (client, parameters) => client('playground.retry', { parameters }));
}

/** `playhouse playground restart` */
export async function restartPlayground(
  context: Context,
  input: StartAgainInput & { readonly cold: boolean },
): Promise<undefined> {
  await startAgain(context, input, async (client, parameters) =>
    client('playground.restart', { parameters, ...(input.cold ? { query: { cold: 'true' } } : {}) }),
  );
}

async function startAgain(
  context: Context,
  input: StartAgainInput,
  send: (client: Client, parameters: { readonly playground: string }) => Promise<Accepted>,
): Promise<void> {
  const { client } = await context.connect();
  const parameters = { playground: input.playground };
  const { playground, operation } = await send(client, parameters);
  if (input.noWait) {
    const words = `${playground.name} is starting.\n  Follow it: playhouse logs ${playground.name} --follow\n`;
    await finish(context, { playground, operation }, () => words);
    return;
  }
  await awaitOperation(context, operation);
  const running = await client('playground.get', { parameters });
  await finish(context, running, () => runningWords(running.playground));
}
