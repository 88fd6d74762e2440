import { planService } from '@playhouse/contract/compose/plan/plan-service';
import type { ServicePlan } from '@playhouse/contract/compose/plan/service-plan';
import type { PlaygroundReport } from '@playhouse/contract/link/report';
import type { KeptReason, NextImage, ServiceDrift } from '@playhouse/contract/service';
import { describeService } from './describe-services.ts';
import type { ContainerState } from './docker/docker-api.ts';
import type { ServicesRecord } from './services-record.ts';
import type { Followed } from './sync/followed.ts';

/** What was seen of a playground when it was last looked at. */
export interface SeenServices {
  readonly containers: readonly ContainerState[];
  readonly followed: ReadonlyMap<string, Followed> | undefined;
  readonly drift: ReadonlyMap<string, ServiceDrift>;
  /** Work for which it is kept, by service. */
  readonly kept: ReadonlyMap<string, KeptReason>;
  /** What is built ahead of a rollout just now. */
  readonly underWay: (service: string) => NextImage | null;
  readonly httpsPort: number;
}

const noMachines = { machines: [], tasks: [], suspended: false };

/** The whole state of a playground of services. */
export function reportServices(
  record: ServicesRecord,
  { services }: ServicePlan,
  { containers, followed, drift, kept, underWay, httpsPort }: SeenServices,
  revision: number,
): PlaygroundReport {
  const { order, state, error, snapshotId } = record;
  // Of what is not in the file only its containers are known.
  const surplus = [...drift.keys()]
    .filter((name) => services.every((service) => service.name !== name))
    .map((name) => planService(name, {}, {}, {}));
  return {
    ...{ playgroundId: order.id, revision, state, error, snapshotId },
    ...noMachines,
    services: [...services, ...surplus].map((service) =>
      describeService(record, service, containers, httpsPort, {
        followed: followed?.get(service.name),
        drift: drift.get(service.name),
        kept: kept.get(service.name),
        underWay: underWay(service.name),
      }),
    ),
  };
}

export function reportDestroyed(playgroundId: string, revision: number): PlaygroundReport {
  const nothing = { services: [], snapshotId: null, error: null };
  return { ...{ playgroundId, revision, state: 'destroyed' }, ...nothing, ...noMachines };
}
