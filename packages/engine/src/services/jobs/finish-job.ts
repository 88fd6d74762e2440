// Jobs end when the services that they wait for have.
import type { ContainerState } from '../docker/docker-api.ts';
import type { Docker } from '../docker/docker.ts';
import { observe } from '../observe.ts';
import { planOf, type ServicesContext } from '../services-context.ts';
import { allEnds, isJobOver, noteEnds } from './job-ends.ts';

/** Services say themselves how long they may take. */
const stopTimeoutMs = 300_000;

/**
 * Keeps what came of services that a job waits for, as it was last seen, and ends the job when all of them have ended. An operation
 * that begins meanwhile decides.
 */
export async function finishJob(context: ServicesContext, docker: Docker): Promise<void> {
  const { tools, id } = context;
  const before = jobOf(context);
  if (before === null) return;
  if (before.ends !== before.known) {
    await tools.records.change(id, { ends: before.ends });
    context.changed();
  }
  if (!isJobOver(before.plan, before.ends)) return;
  await endOthers(docker, before.containers);
  await observe(context, docker.api);
  const after = jobOf(context);
  if (after === null || !isJobOver(after.plan, after.ends)) return;
  const ends = allEnds(after.plan, before.containers, after.containers, after.ends);
  await tools.records.change(id, { state: 'completed', ends });
  context.changed();
}

/** A job that runs, as it was last seen; null when it is none, or was not seen yet. */
function jobOf({ tools, id, seen }: ServicesContext) {
  const [record, containers] = [tools.records.find(id), seen.get(id)];
  if (record?.state !== 'running' || containers === undefined) return null;
  const plan = planOf(tools, record);
  if (!plan.jobMode) return null;
  return { plan, containers, known: record.ends, ends: noteEnds(plan, containers, record.ends) };
}

/** Ends what a job had beside that. Its containers stay, for their logs, until it is destroyed. Repeatable. */
async function endOthers(docker: Docker, containers: readonly ContainerState[]): Promise<void> {
  const running = containers.filter(({ exitCode }) => exitCode === null).map(({ id }) => id);
  if (running.length > 0) await docker.run(['stop', ...running], { timeoutMs: stopTimeoutMs });
}
