import { type ErrorBody, fromErrorBody } from '@playhouse/contract/errors/playhouse-error';
import { wrongState } from '@playhouse/contract/errors/wrong-state';
import type { Playground } from '@playhouse/contract/playground';
import { finish } from '../../output/finish.ts';
import type { Context } from '../../program/context.ts';
import { readPeriod } from '../../program/read-period.ts';
import { followPlayground } from './follow-playground.ts';

export interface WaitInput {
  readonly playground: string;
  readonly initOnly: boolean;
  readonly timeout: string | undefined;
}

const onTheWay: readonly Playground['status'][] = ['pending', 'in_progress'];
const runs: readonly Playground['status'][] = ['running', 'has_changes'];

/** Exit status when a job failed, as that of tasks. */
const jobFailed = 2;

/** `playhouse playground wait` */
export async function waitForPlayground(context: Context, input: WaitInput): Promise<number | undefined> {
  const playground = await followPlayground(context, input.playground, {
    timeoutMs: readPeriod(input.timeout ?? '48h', 'timeout', 'playground wait'),
    isOver: ({ status, tasks, services }) => {
      // A job is over when what it waits for is.
      if (runs.includes(status) && !input.initOnly && services.some(({ watched }) => watched)) return false;
      if (!runs.includes(status)) return !onTheWay.includes(status);
      return input.initOnly || tasks.every((task) => task.kind !== 'regular' || task.status === 'completed');
    },
  });
  const { name, status, error, result } = playground;
  if (status === 'completed') {
    await finish(
      context,
      { playground },
      () => `${name} has ${result === 'failed' ? 'failed' : 'succeeded'}.\n`,
    );
    return result === 'failed' ? jobFailed : undefined;
  }
  if (!runs.includes(status)) {
    if (error !== null) throw fromErrorBody(error as ErrorBody);
    throw wrongState({ name, status }, 'waited for');
  }
  await finish(context, { playground }, () => `${name} is running.\n`);
  return undefined;
}
