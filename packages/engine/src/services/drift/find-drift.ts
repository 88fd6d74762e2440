import type { ServiceDrift } from '@playhouse/contract/service';
import type { ContainerState } from '../docker/docker-api.ts';
import { type FinalServices, replicasOf } from '../rollout/changed-services.ts';

/** In what containers are not what the final file says, by service. Whether they are well is another question. */
export function findDrift(
  services: FinalServices,
  containers: readonly Pick<ContainerState, 'service' | 'image'>[],
): ReadonlyMap<string, ServiceDrift> {
  const found = new Map<string, ServiceDrift>();
  for (const [name, service] of Object.entries(services)) {
    const own = containers.filter((container) => container.service === name);
    if (own.length < replicasOf(service)) found.set(name, 'missing');
    else if (own.some(({ image }) => image !== service['image'])) found.set(name, 'other-image');
  }
  return found;
}
