import type { ContainerState } from '../docker/docker-api.ts';

/** A container of the service `web` that runs and has no health check. */
export function sampleContainer(more: Partial<ContainerState> = {}): ContainerState {
  return {
    id: 'c',
    service: 'web',
    image: 'x',
    status: 'running',
    health: null,
    healthOutput: null,
    exitCode: null,
    addresses: ['10.201.0.2'],
    port: null,
    ...more,
  };
}
