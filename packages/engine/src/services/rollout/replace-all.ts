// Makes all containers of a playground anew. The version that ran is what the playground is until the containers of the next one are
// well: a failure, or a cancellation, brings it up again, with its file, its images and its variables.
import { existsSync } from 'node:fs';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { projectName } from '@playhouse/contract/identifier';
import { quietVoice, type Step } from '../../operations/step.ts';
import type { Docker } from '../docker/docker.ts';
import { observe } from '../observe.ts';
import { recordOf, type ServicesContext } from '../services-context.ts';
import { awaitHealth } from '../start/await-health.ts';
import { composeUp } from '../start/compose-up.ts';
import { composeFault } from '../start/compose-fault.ts';
import { startContainers } from '../start/start-containers.ts';
import { isPromoted, promote, serve } from './promote.ts';
import { updateRepositories } from './update-repositories.ts';

const downTimeoutMs = 300_000;
/** How long an undoing waits for the version before to answer again. */
const backTimeoutMs = 120_000;

/** Removes all containers and networks; named volumes stay. Everything that the new ones need is there by now. */
export const removeAll: Step<ServicesContext> = {
  label: 'Removing containers',
  run: async (context, voice) => {
    const { tools, id } = context;
    const { compose } = tools.records.files(id);
    if (isPromoted(context)) return;
    const docker = await tools.docker(voice);
    await tools.records.change(id, { state: 'starting' });
    context.changed();
    await observe(context, docker.api, 'starting');
    // A start that got no further than its images has no file, and no containers.
    if (existsSync(compose)) await takeDown(context, docker, compose, (line) => voice.log(line));
  },
  undo: async (context) => {
    const { tools, id } = context;
    const record = tools.records.find(id);
    const next = record?.next ?? null;
    // Nothing was taken away yet, or there is nothing that ran.
    if (next === null || next.was === 'error' || record?.state !== 'starting') return;
    const docker = await tools.dockerIfThere();
    if (docker === null) return;
    // Sources that are mounted are to be those of the branch that ran before its containers begin.
    await updateRepositories.undo?.(context);
    const before = { ...context, rollout: false };
    await composeUp(before, docker, tools.records.files(id).compose, ['--remove-orphans'], null);
    // Its own health checks judge it from here on, not those of the version that failed.
    await tools.records.change(id, { state: 'running', next: null });
    await observe(before, docker.api, 'running');
    const voice = quietVoice(() => {}, AbortSignal.timeout(backTimeoutMs));
    // Whether it gets well or not: it is what the playground was, and its services say how they are.
    await awaitHealth(before, docker, voice).catch(() => {});
  },
};

/** Brings the new containers up; once they are well, they are what the playground is. */
export const startAnew: Step<ServicesContext> = {
  label: startContainers.label,
  run: async (context, voice) => {
    if (!isPromoted(context)) {
      const docker = await context.tools.docker(voice);
      const { nextCompose } = context.tools.records.files(context.id);
      await composeUp(context, docker, nextCompose, ['--remove-orphans'], voice);
      await awaitHealth(context, docker, voice);
      voice.signal.throwIfAborted();
    }
    await promote(context);
    await serve(context, voice);
  },
  isPastReturn: isPromoted,
  undo: async (context) => {
    const { tools, id } = context;
    const { nextCompose } = tools.records.files(id);
    const docker = await tools.dockerIfThere();
    if (docker === null || isPromoted(context)) return;
    if (existsSync(nextCompose)) await takeDown(context, docker, nextCompose);
  },
};

/** Removes what a final file has made, with volumes that have no name: nobody would find them again. */
async function takeDown(
  context: ServicesContext,
  docker: Docker,
  file: string,
  onLine: (line: string) => void = () => {},
): Promise<void> {
  const project = projectName(recordOf(context).order);
  for (const words of [
    ['rm', '--stop', '--force', '--volumes'],
    ['down', '--remove-orphans'],
  ]) {
    const { exitCode, stderr } = await docker.compose(project, file, words, {
      timeoutMs: downTimeoutMs,
      onLine,
    });
    if (exitCode !== 0) throw new PlayhouseError('services-not-healthy', { detail: composeFault(stderr) });
  }
}
