// Replaces the containers of one service without an instant in which nobody answers: new ones come up beside the old, get the
// requests once they are healthy, and the old ones go when they are done. After a crash anywhere, running it again ends the same:
// which containers are the old ones was written down before the first new one was made.
import { setTimeout } from 'node:timers/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { StepVoice } from '../../operations/step.ts';
import type { ContainerState } from '../docker/docker-api.ts';
import type { Docker } from '../docker/docker.ts';
import { observe } from '../observe.ts';
import { ownerLabel, type ServicesContext } from '../services-context.ts';
import { awaitHealth } from '../start/await-health.ts';
import { composeUp } from '../start/compose-up.ts';

/** For requests that the old containers were given just before the routes changed. */
const drainMs = 3000;
const stopTimeoutMs = 300_000;

/** `replicas`: how many containers there are to be. @throws PlayhouseError services-not-healthy, cancelled */
export async function replaceService(
  context: ServicesContext,
  docker: Docker,
  { service, file, replicas }: { readonly service: string; readonly file: string; readonly replicas: number },
  voice: StepVoice,
): Promise<void> {
  const former = await formerOf(context, docker, service);
  const isNew = (container: ContainerState) =>
    container.service === service && !former.includes(container.id);
  // Compose would start one that has ended again, though it has what is to be replaced.
  const ended = (await ofService(context, docker, service)).filter(
    ({ id, status }) => former.includes(id) && status !== 'running',
  );
  await remove(docker, ended);
  const left = former.length - ended.length;
  context.requestsTo.set(service, former);
  voice.detail(`${service}: starting beside the old`);
  const beside = ['--no-deps', '--no-recreate', '--scale', `${service}=${left + replicas}`, service];
  await composeUp(context, docker, file, beside, voice);
  await awaitHealth(context, docker, voice, isNew);
  const made = (await ofService(context, docker, service)).filter(isNew);
  if (made.length < replicas || made.some(({ status }) => status !== 'running'))
    throw new PlayhouseError('services-not-healthy', { detail: `${service}: its new containers have ended` });
  voice.signal.throwIfAborted();
  // From here on nothing can fail it: the new version serves.
  context.requestsTo.set(
    service,
    made.map(({ id }) => id),
  );
  await observe(context, docker.api, undefined, true);
  voice.detail(`${service}: the old ones finish`);
  await setTimeout(drainMs);
  const old = (await ofService(context, docker, service)).filter(({ id }) => former.includes(id));
  await remove(docker, old);
  context.requestsTo.delete(service);
}

/** Removes the containers that a rollout made of a service, if it did. Silent when there are none. */
export async function removeMade(context: ServicesContext, docker: Docker): Promise<void> {
  const former = context.tools.records.find(context.id)?.next?.former ?? {};
  for (const [service, ids] of Object.entries(former)) {
    const there = await ofService(context, docker, service);
    // Those that were replaced to the end stay: the old ones are gone.
    if (!there.some(({ id, status }) => ids.includes(id) && status === 'running')) continue;
    await remove(
      docker,
      there.filter(({ id }) => !ids.includes(id)),
    );
  }
  context.requestsTo.clear();
}

/** The containers that were there before, written down when it is asked for the first time. */
async function formerOf(
  context: ServicesContext,
  docker: Docker,
  service: string,
): Promise<readonly string[]> {
  const { tools, id } = context;
  const next = tools.records.find(id)?.next ?? null;
  const known = next?.former[service];
  if (known !== undefined) return known;
  const former = (await ofService(context, docker, service)).map((container) => container.id);
  if (next !== null)
    await tools.records.change(id, { next: { ...next, former: { ...next.former, [service]: former } } });
  return former;
}

async function ofService({ id }: ServicesContext, docker: Docker, service: string) {
  return (await docker.api.containers(ownerLabel(id))).filter((container) => container.service === service);
}

/** Has them end in their own time, then removes them. */
async function remove(docker: Docker, containers: readonly ContainerState[]): Promise<void> {
  const ids = containers.map(({ id }) => id);
  if (ids.length === 0) return;
  await docker.run(['stop', ...ids], { timeoutMs: stopTimeoutMs });
  await docker.run(['rm', '--force', '--volumes', ...ids], { timeoutMs: stopTimeoutMs });
}
