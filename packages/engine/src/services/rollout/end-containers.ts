import type { ContainerState } from '../docker/docker-api.ts';
import type { Docker } from '../docker/docker.ts';
import { ownerLabel, type ServicesContext } from '../services-context.ts';

const stopTimeoutMs = 300_000;

/** The containers of these services, running or not. */
export async function ofServices(
  { id }: ServicesContext,
  docker: Docker,
  services: readonly string[],
): Promise<readonly ContainerState[]> {
  return (await docker.api.containers(ownerLabel(id))).filter(({ service }) => services.includes(service));
}

/** Has containers end in their own time, then removes them with their anonymous volumes. Silent when there are none. */
export async function endContainers(docker: Docker, containers: readonly ContainerState[]): Promise<void> {
  const ids = containers.map(({ id }) => id);
  if (ids.length === 0) return;
  await docker.run(['stop', ...ids], { timeoutMs: stopTimeoutMs });
  await docker.run(['rm', '--force', '--volumes', ...ids], { timeoutMs: stopTimeoutMs });
}
