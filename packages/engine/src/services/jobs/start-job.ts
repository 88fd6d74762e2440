// Brings up the services of a job: one that fails is its result and keeps away only those that need it.
import { readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import type { ServicePlan } from '@playhouse/contract/compose/plan/service-plan';
import { readFinalServices } from '@playhouse/contract/compose/render/read-final';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { StepVoice } from '../../operations/step.ts';
import type { Docker } from '../docker/docker.ts';
import { containersOf } from '../observe.ts';
import { composeFileOf, type ServicesContext } from '../services-context.ts';
import { upTimeoutMs } from '../start/await-health.ts';
import { composeUp } from '../start/compose-up.ts';
import { outlookOf, wasStarted } from './blocked-by.ts';
import type { JobEnds } from './job-ends.ts';

const pollMs = 250;

/**
 * Starts everything that can be started; nobody is waited for that no other service waits for. Docker Compose gives all up when a
 * service fails that others need: then what does not need it is started here.
 * @throws PlayhouseError what kept services from being started, unless it was that another one failed; cancelled
 */
export async function startJob(
  context: ServicesContext,
  docker: Docker,
  { services }: ServicePlan,
  voice: StepVoice,
): Promise<void> {
  // An earlier try of this start tells nothing of this one.
  await context.tools.records.change(context.id, { ends: {} });
  try {
    await composeUp(context, docker, composeFileOf(context), ['--remove-orphans'], voice);
  } catch (error) {
    const why = error instanceof PlayhouseError ? error.code : null;
    if (why !== 'services-not-healthy') throw error;
    const states = await containersOf(context, docker.api);
    if (!states.some(({ exitCode }) => exitCode !== null && exitCode !== 0)) throw error;
    const never = await startWhatCan(context, docker, voice);
    for (const [name, detail] of never) voice.log(`${name} does not run: ${detail}`);
    const watched = services.filter((service) => service.watched && never.has(service.name));
    const ends: JobEnds = Object.fromEntries(
      watched.map(({ name }) => [
        name,
        { exitCode: null, detail: `did not run: ${never.get(name)}`, byItself: true },
      ]),
    );
    await context.tools.records.change(context.id, { ends });
  }
}

/** Gives those that never will run, with the reason. */
async function startWhatCan(
  context: ServicesContext,
  docker: Docker,
  voice: StepVoice,
): Promise<ReadonlyMap<string, string>> {
  const file = composeFileOf(context);
  const services = readFinalServices(await readFile(file, 'utf8'));
  const deadline = performance.now() + upTimeoutMs;
  for (;;) {
    voice.signal.throwIfAborted();
    const states = await containersOf(context, docker.api);
    const left = Object.keys(services)
      .filter((name) => !wasStarted(name, states))
      .map((name) => ({ name, outlook: outlookOf(name, services, states) }));
    const named = (which: 'ready' | 'waits') =>
      left.filter(({ outlook }) => outlook === which).map(({ name }) => name);
    const [ready, waiting] = [named('ready'), named('waits')];
    if (ready.length > 0) await composeUp(context, docker, file, ['--no-deps', ...ready], voice);
    else if (waiting.length === 0)
      return new Map(
        left.flatMap(({ name, outlook }) => (typeof outlook === 'object' ? [[name, outlook.never]] : [])),
      );
    if (performance.now() > deadline)
      throw new PlayhouseError('services-not-healthy', {
        detail: `${waiting.join(', ')}: still waiting after ${upTimeoutMs / 1000} s`,
      });
    voice.detail([...ready, ...waiting].join(', '));
    await setTimeout(pollMs, undefined, { signal: voice.signal });
  }
}
