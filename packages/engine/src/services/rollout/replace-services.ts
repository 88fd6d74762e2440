// Replaces the containers of services without an instant in which nobody answers: new ones of all of them come up beside the old,
// get the requests together once all are healthy, and the old ones go when they are done. Until then nothing of the old is touched,
// so that a failure costs no request. After a crash anywhere, running it again ends the same: which containers are the old ones of a
// service was written down before the first new one was made, and that the new ones get the requests before they do.
import { setTimeout } from 'node:timers/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { StepVoice } from '../../operations/step.ts';
import { crashPoint } from '../../system/crash-point.ts';
import type { ContainerState } from '../docker/docker-api.ts';
import type { Docker } from '../docker/docker.ts';
import { observe } from '../observe.ts';
import type { ServicesContext } from '../services-context.ts';
import { awaitHealth } from '../start/await-health.ts';
import { composeUp } from '../start/compose-up.ts';
import { ofServices, endContainers } from './end-containers.ts';

/** For requests that the old containers were given just before the routes changed. */
const usualDrainMs = 3000;

/** A service, and how many containers of it there are to be. */
export interface Replacement {
  readonly service: string;
  readonly replicas: number;
}

/** Dependencies come first; the old containers go in the opposite order. @throws PlayhouseError services-not-healthy, cancelled */
export async function replaceServices(
  context: ServicesContext,
  docker: Docker,
  file: string,
  replacements: readonly Replacement[],
  voice: StepVoice,
  drainMs = usualDrainMs,
): Promise<void> {
  if (replacements.length === 0) return;
  for (const replacement of replacements) await startBeside(context, docker, file, replacement, voice);
  // The first ones may have ended, or become unhealthy, while the last ones started.
  await awaitHealth(context, docker, voice, (container) => isNew(context, container));
  for (const { service, replicas } of replacements) {
    const made = (await ofServices(context, docker, [service])).filter((each) => isNew(context, each));
    if (made.length < replicas || made.some(({ status }) => status !== 'running'))
      throw new PlayhouseError('services-not-healthy', {
        detail: `${service}: its new containers have ended`,
      });
  }
  crashPoint('rollout/beside');
  voice.signal.throwIfAborted();
  // From here on nothing can fail it: the new version serves.
  await changeNext(context, { switched: true });
  await observe(context, docker.api, undefined, true);
  crashPoint('rollout/switched');
  const names = replacements.map(({ service }) => service);
  voice.detail(`${names.join(', ')}: the old ones finish`);
  await setTimeout(drainMs);
  for (const service of names.toReversed()) {
    const old = (await ofServices(context, docker, [service])).filter((each) => !isNew(context, each));
    await endContainers(docker, old);
  }
}

async function startBeside(
  context: ServicesContext,
  docker: Docker,
  file: string,
  { service, replicas }: Replacement,
  voice: StepVoice,
): Promise<void> {
  const former = await formerOf(context, docker, service);
  // Compose would start one that has ended again, though it has what is to be replaced.
  const ended = (await ofServices(context, docker, [service])).filter(
    ({ id, status }) => former.includes(id) && status !== 'running',
  );
  await endContainers(docker, ended);
  const left = (await ofServices(context, docker, [service])).filter(({ id }) => former.includes(id));
  voice.detail(`${service}: starting beside the old`);
  const beside = ['--no-deps', '--no-recreate', '--scale', `${service}=${left.length + replicas}`, service];
  await composeUp(context, docker, file, beside, voice);
  await awaitHealth(
    context,
    docker,
    voice,
    (container) => container.service === service && isNew(context, container),
  );
}

/**
 * Has the old containers get the requests again where they are still there, and removes those that a rollout made beside them.
 * Gives the names of the services whose old containers serve. Silent when there are none; may be repeated.
 */
export async function removeMade(context: ServicesContext, docker: Docker): Promise<readonly string[]> {
  const former = nextOf(context)?.former ?? {};
  const there = await ofServices(context, docker, Object.keys(former));
  // Those that were replaced to the end stay: the old ones are gone.
  const serving = Object.entries(former).filter(([, ids]) =>
    there.some(({ id, status }) => ids.includes(id) && status === 'running'),
  );
  await changeNext(context, { former: Object.fromEntries(serving), switched: false });
  await observe(context, docker.api, undefined, true);
  for (const [service, ids] of serving.toReversed())
    await endContainers(
      docker,
      there.filter((container) => container.service === service && !ids.includes(container.id)),
    );
  return serving.map(([service]) => service);
}

/** False for those of services that are not replaced, too. */
function isNew(context: ServicesContext, { service, id }: ContainerState): boolean {
  const former = nextOf(context)?.former[service];
  return former !== undefined && !former.includes(id);
}

/** The containers that were there before, written down when it is asked for the first time. */
async function formerOf(
  context: ServicesContext,
  docker: Docker,
  service: string,
): Promise<readonly string[]> {
  const known = nextOf(context)?.former;
  if (known?.[service] !== undefined) return known[service];
  const former = (await ofServices(context, docker, [service])).map(({ id }) => id);
  await changeNext(context, { former: { ...known, [service]: former } });
  return former;
}

type Next = NonNullable<ReturnType<ServicesContext['tools']['records']['all']>[number]['next']>;

function nextOf({ tools, id }: ServicesContext): Next | null {
  return tools.records.find(id)?.next ?? null;
}

async function changeNext(context: ServicesContext, change: Partial<Next>): Promise<void> {
  const next = nextOf(context);
  if (next !== null) await context.tools.records.change(context.id, { next: { ...next, ...change } });
}
