// Jobs end when the services that they wait for have.
import type { ServicePlan } from '@playhouse/contract/compose/plan/service-plan';
import type { ContainerState } from '../docker/docker-api.ts';
import type { Docker } from '../docker/docker.ts';

const stopTimeoutMs = 60_000;

/** True when everything that a job waits for has ended, whatever came of it. */
export function isJobOver(
  { jobMode, services }: ServicePlan,
  containers: readonly ContainerState[],
): boolean {
  const watched = services.filter((service) => service.watched);
  return (
    jobMode &&
    watched.every(({ name }) => {
      const own = containers.filter(({ service }) => service === name);
      return own.length > 0 && own.every(({ exitCode }) => exitCode !== null);
    })
  );
}

/** Ends what a job had beside that. Its containers stay, for their logs, until it is destroyed. Repeatable. */
export async function endOthers(docker: Docker, containers: readonly ContainerState[]): Promise<void> {
  const running = containers.filter(({ exitCode }) => exitCode === null).map(({ id }) => id);
  if (running.length > 0) await docker.run(['stop', ...running], { timeoutMs: stopTimeoutMs });
}
