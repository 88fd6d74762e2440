import type { ServiceDrift } from '@playhouse/contract/service';
import type { ContainerState } from '../docker/docker-api.ts';
import { type FinalServices, replicasOf } from '../rollout/changed-services.ts';

/**
 * In what containers are not what the final file says, by service, also of services that it does not have. Whether they are well is
 * another question.
 */
export function findDrift(
  services: FinalServices,
  containers: readonly Pick<ContainerState, 'service' | 'image'>[],
): ReadonlyMap<string, ServiceDrift> {
  const found = new Map<string, ServiceDrift>();
  for (const [name, service] of Object.entries(services)) {
    const own = containers.filter((container) => container.service === name);
    const replicas = replicasOf(service);
    if (own.length < replicas) found.set(name, 'missing');
    else if (own.some(({ image }) => image !== service['image'])) found.set(name, 'other-image');
    else if (own.length > replicas) found.set(name, 'surplus');
  }
  for (const { service } of containers)
    if (service !== '' && services[service] === undefined) found.set(service, 'surplus');
  return found;
}
