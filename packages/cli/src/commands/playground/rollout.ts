import { finish } from '../../output/finish.ts';
import type { Context } from '../../program/context.ts';
import { awaitOperation } from '../await-operation.ts';
import { readServiceWishes, type ServiceOptions } from './service-wishes.ts';
import { runningWords } from './started.ts';

export interface RolloutInput extends ServiceOptions {
  readonly playground: string;
  readonly upgrade: boolean;
  readonly noWait: boolean;
}

/** `playhouse playground rollout` */
export async function rolloutPlayground(context: Context, input: RolloutInput): Promise<undefined> {
  await change(context, input, 'rollout');
}

/** `playhouse playground hard-restart` */
export async function hardRestartPlayground(context: Context, input: RolloutInput): Promise<undefined> {
  await change(context, input, 'hard-restart');
}

async function change(
  context: Context,
  input: RolloutInput,
  action: 'rollout' | 'hard-restart',
): Promise<void> {
  const wishes = await readServiceWishes(context, input, `playground ${action}`);
  const { client } = await context.connect();
  const parameters = { playground: input.playground };
  const body = { ...wishes, upgrade: input.upgrade };
  const { playground, operation } = await client(`playground.${action}`, { parameters, body });
  if (input.noWait) {
    const words = `${playground.name} changes.\n  Follow it: playhouse logs ${operation.id} --follow\n`;
    await finish(context, { playground, operation }, () => words);
    return;
  }
  await awaitOperation(context, operation);
  const running = await client('playground.get', { parameters });
  await finish(context, running, () => runningWords(running.playground));
}
