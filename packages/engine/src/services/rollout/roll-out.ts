import { existsSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { readFinal, readFinalServices } from '@playhouse/contract/compose/render/read-final';
import type { Step, StepVoice } from '../../operations/step.ts';
import { readTextIfPresent } from '../../system/durable-file.ts';
import type { Docker } from '../docker/docker.ts';
import { observe } from '../observe.ts';
import { ownerLabel, type ServicesContext } from '../services-context.ts';
import { awaitHealth } from '../start/await-health.ts';
import { composeUp } from '../start/compose-up.ts';
import { renderedOf } from '../start/rendered.ts';
import { changedServices, type FinalServices, replicasOf } from './changed-services.ts';
import { endContainers } from './end-containers.ts';
import { endNetworks } from './end-networks.ts';
import { isPromoted, promote, serve } from './promote.ts';
import { removeMade, replaceServices } from './replace-services.ts';

/**
 * Brings the containers to what the next file says. What does not change runs on; services without an interruption are replaced
 * beside what runs, the others are made anew. When one of them does not get well, the version that ran before goes on.
 */
export const rollOut: Step<ServicesContext> = {
  label: 'Rolling out',
  run: async (context, voice) => {
    // Without a next file an engine of before has died between file and record.
    if (!isPromoted(context) && existsSync(context.tools.records.files(context.id).nextCompose))
      await bringAbout(context, await context.tools.docker(voice), voice);
    await promote(context);
    await serve(context, voice);
  },
  isPastReturn: isPromoted,
  undo: async (context) => {
    const { tools, id } = context;
    const next = tools.records.find(id)?.next ?? null;
    const docker = next === null ? null : await tools.dockerIfThere();
    if (next === null || docker === null) return;
    const serving = await removeMade(context, docker);
    const { compose, nextCompose } = tools.records.files(id);
    const [running, wanted] = [await servicesIn(compose), await servicesIn(nextCompose)];
    await endSurplus(context, docker, running);
    // Those that serve are left alone: Compose would make one anew that it takes for another.
    const names = changedServices(wanted, running).filter((name) => !serving.includes(name));
    if (names.length > 0)
      await composeUp({ ...context, rollout: false }, docker, compose, ['--no-deps', ...names], null);
    await endNetworks(context, docker, compose);
    await observe(context, docker.api);
  },
};

async function bringAbout(context: ServicesContext, docker: Docker, voice: StepVoice): Promise<void> {
  const { compose: before, nextCompose: file } = context.tools.records.files(context.id);
  const [running, next] = [await servicesIn(before), await servicesIn(file)];
  const changed = changedServices(running, next);
  const { plan } = await renderedOf(context, voice);
  const beside = new Set(plan.services.filter(({ zeroDowntime }) => zeroDowntime).map(({ name }) => name));
  const replaced = changed.filter((name) => beside.has(name) && running[name] !== undefined);
  voice.log(changed.length === 0 ? 'no service changes' : `changes: ${changed.join(', ')}`);
  // All of this may fail, so it comes before anything serves anew.
  const anew = changed.filter((name) => !replaced.includes(name));
  const kept = Object.keys(next).filter((name) => !changed.includes(name));
  if (anew.length > 0) {
    await composeUp(context, docker, file, ['--no-deps', ...anew], voice);
    await awaitHealth(context, docker, voice, ({ service }) => anew.includes(service));
  }
  // Containers that were missing; in a healing those that are others, too, and all that are on a network that changes. Compose takes
  // one that was made without its dependencies for another than one that was made with them: what only goes on is not made anew.
  if (kept.length > 0) {
    const goesOn =
      context.healing !== true && isDeepStrictEqual(await aroundIn(before), await aroundIn(file));
    const words = goesOn ? ['--no-recreate'] : [];
    await composeUp(context, docker, file, ['--no-deps', ...words, ...kept], voice);
    await awaitHealth(context, docker, voice, ({ service }) => kept.includes(service));
  }
  const replacements = replaced.map((service) => ({ service, replicas: replicasOf(next[service] ?? {}) }));
  await replaceServices(context, docker, file, replacements, voice);
  await endSurplus(context, docker, next);
  await endNetworks(context, docker, file);
}

/** Removes the containers of services that a version does not have; what Compose did not make is left alone. */
async function endSurplus(context: ServicesContext, docker: Docker, version: FinalServices): Promise<void> {
  const there = await docker.api.containers(ownerLabel(context.id));
  await endContainers(
    docker,
    there.filter(({ service }) => service !== '' && version[service] === undefined),
  );
}

/** The services of a final file; none when there is no file. */
async function servicesIn(file: string): Promise<FinalServices> {
  return readFinalServices((await readTextIfPresent(file)) ?? '');
}

/** Networks, volumes and whatever else a final file has beside its services. */
async function aroundIn(file: string): Promise<object> {
  const { services: _, ...around } = readFinal((await readTextIfPresent(file)) ?? '{}');
  return around;
}
