import { setTimeout } from 'node:timers/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { StepVoice } from '../../operations/step.ts';
import type { ContainerState } from '../docker/docker-api.ts';
import type { Docker } from '../docker/docker.ts';
import { containersOf } from '../observe.ts';
import type { ServicesContext } from '../services-context.ts';
import { endOf } from './rendered.ts';

export const upTimeoutMs = 600_000;
const pollMs = 250;

/**
 * Waits until the containers that `concerns` are up and healthy; those that end with success count as such.
 * @throws PlayhouseError services-not-healthy, with what the first that is not well said last; cancelled
 */
export async function awaitHealth(
  context: ServicesContext,
  docker: Docker,
  voice: StepVoice,
  concerns: (container: ContainerState) => boolean = () => true,
): Promise<void> {
  const deadline = performance.now() + upTimeoutMs;
  for (;;) {
    voice.signal.throwIfAborted();
    const states = (await containersOf(context, docker.api)).filter(concerns);
    const trouble =
      states.find(({ health }) => health === 'unhealthy') ??
      states.find(({ exitCode, status }) => (exitCode !== null && exitCode !== 0) || status === 'restarting');
    if (trouble !== undefined) throw await notWell(trouble, docker);
    const waiting = states.filter(({ health, status }) => health === 'starting' || status === 'created');
    if (waiting.length === 0) return;
    const names = [...new Set(waiting.map(({ service }) => service))].join(', ');
    if (performance.now() > deadline)
      throw new PlayhouseError('services-not-healthy', {
        detail: `${names}: still starting after ${upTimeoutMs / 1000} s`,
      });
    voice.detail(names);
    await setTimeout(pollMs, undefined, { signal: voice.signal });
  }
}

async function notWell(container: ContainerState, docker: Docker): Promise<PlayhouseError> {
  const { service, health, healthOutput, exitCode } = container;
  const { stdout, stderr } = await docker.try(['logs', '--tail', '20', container.id]);
  const why =
    health === 'unhealthy'
      ? `is unhealthy: ${healthOutput}`
      : `ended with ${exitCode ?? 'an error, again and again'}`;
  return new PlayhouseError('services-not-healthy', {
    detail: `${service} ${why}\n${endOf(stdout + stderr)}`,
  });
}
