import type { Playground } from '@playhouse/contract/playground';
import { finish } from '../../output/finish.ts';
import type { Context } from '../../program/context.ts';
import { awaitOperation } from '../await-operation.ts';

export interface StopInput {
  readonly playground: string;
  readonly force: boolean;
  readonly noWait: boolean;
}

/** `playhouse playground stop` */
export async function stopPlayground(context: Context, input: StopInput): Promise<undefined> {
  const { client } = await context.connect();
  const parameters = { playground: input.playground };
  const query = input.force ? { force: 'true' } : {};
  const { playground, operation } = await client('playground.stop', { parameters, query });
  if (input.noWait) {
    await finish(context, { playground, operation }, () => `${playground.name} is being stopped.\n`);
    return;
  }
  await awaitOperation(context, operation);
  const stopped = await client('playground.get', { parameters });
  await finish(context, stopped, () => `${playground.name} is stopped.\n  ${nextStep(stopped.playground)}\n`);
}

/** A job runs once. */
function nextStep({ number, playspec, services }: Playground): string {
  return services.some(({ watched }) => watched)
    ? `It is a job, which does not go on; another one: playhouse playground start ${playspec.name}`
    : `Take it up again: playhouse playground restart ${number}`;
}
