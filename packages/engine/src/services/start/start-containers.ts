import { setTimeout } from 'node:timers/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { projectName } from '@playhouse/contract/identifier';
import type { Step, StepVoice } from '../../operations/step.ts';
import type { ContainerState } from '../docker/docker-api.ts';
import type { Docker } from '../docker/docker.ts';
import { observe } from '../observe.ts';
import { ownerLabel, recordOf, type ServicesContext } from '../services-context.ts';
import { endOf } from './rendered.ts';

const upTimeoutMs = 600_000;
const pollMs = 250;

/** Brings the containers up and waits until all are healthy; containers that need no change stay as they are. */
export const startContainers: Step<ServicesContext> = {
  label: 'Starting containers',
  run: async (context, voice) => {
    const { tools, id } = context;
    const docker = await tools.docker(voice);
    const record = recordOf(context);
    const file = tools.records.files(id).compose;
    const words = ['up', '--detach', '--no-build', '--pull', 'never', '--remove-orphans', '--quiet-pull'];
    const options = {
      timeoutMs: upTimeoutMs,
      signal: voice.signal,
      onLine: (line: string) => voice.log(line),
    };
    const { exitCode, stderr, stdout } = await docker.compose(
      projectName(record.order),
      file,
      words,
      options,
    );
    if (exitCode !== 0) throw new PlayhouseError('services-not-healthy', { detail: endOf(stderr || stdout) });
    await untilHealthy(id, docker, voice);
    await observe(context, docker.api, 'running');
  },
  undo: async (context) => {
    const { tools, id } = context;
    const docker = await tools.dockerIfThere();
    const { compose } = tools.records.files(id);
    // What failed is left to be looked at, but does not go on: a retry begins with it.
    await docker?.compose(projectName(recordOf(context).order), compose, ['stop', '--timeout', '5'], {
      timeoutMs: upTimeoutMs,
    });
  },
};

/** @throws PlayhouseError services-not-healthy, with what the first that is not well said last */
async function untilHealthy(id: string, docker: Docker, voice: StepVoice): Promise<void> {
  const deadline = performance.now() + upTimeoutMs;
  for (;;) {
    voice.signal.throwIfAborted();
    const states = await docker.api.containers(ownerLabel(id));
    const trouble =
      states.find(({ health }) => health === 'unhealthy') ??
      states.find(({ exitCode, status }) => (exitCode !== null && exitCode !== 0) || status === 'restarting');
    if (trouble !== undefined) throw await notWell(trouble, docker);
    const waiting = states.filter(({ health, status }) => health === 'starting' || status === 'created');
    if (waiting.length === 0) return;
    const names = waiting.map(({ service }) => service).join(', ');
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
