import type { PlannedService } from '@playhouse/contract/compose/plan/service-plan';
import type { KeptReason, NextImage, Service, ServiceDrift, ServiceState } from '@playhouse/contract/service';
import { nextImageOf } from './ahead/next-image.ts';
import type { ContainerState } from './docker/docker-api.ts';
import type { JobEnd } from './jobs/job-ends.ts';
import { hostOf, maintenancePage } from './routes.ts';
import type { Followed } from './sync/followed.ts';
import type { ServicesRecord } from './services-record.ts';

/** What is known of a service besides its record and its containers. */
interface Known {
  readonly followed: Followed | undefined;
  readonly drift: ServiceDrift | undefined;
  readonly underWay: NextImage | null;
  readonly kept: KeptReason | undefined;
}

/** A service as the API shows it. */
export function describeService(
  record: ServicesRecord,
  service: PlannedService,
  containers: readonly ContainerState[],
  httpsPort: number,
  { followed, drift, underWay, kept }: Known,
): Service {
  const own = containers.filter((container) => container.service === service.name);
  const newest = own.at(-1);
  const part = record.parts[service.name];
  const host = hostOf(record, service);
  const end = endOf(record, service.name);
  const dynamic = service.source !== null;
  return {
    name: service.name,
    kind: service.kind,
    state: end === null ? stateOf(record, newest) : endState(end),
    image: newest?.image ?? part?.image ?? service.image,
    url: host === null ? null : `https://${host}${httpsPort === 443 ? '' : `:${httpsPort}`}/`,
    visibility: service.exposure?.visibility ?? null,
    exitCode: end === null ? (newest?.exitCode ?? null) : end.exitCode,
    endDetail: end?.detail ?? null,
    healthOutput: newest?.healthOutput ?? null,
    branch: part?.branch ?? null,
    commit: part?.commit ?? null,
    ...{ dirty: followed?.dirty ?? null, standing: followed?.standing ?? null },
    standingDetail: followed?.detail ?? null,
    nextImage: nextImageOf(record, service.name, underWay),
    watched: service.watched,
    ...{ drift: drift ?? null, kept: kept ?? null },
    maintenance: host === null ? null : (maintenancePage(record, service.name)?.text ?? null),
    production: dynamic && (record.order.services[service.name]?.production ?? service.production),
  };
}

/** Of a service of a job that has ended; its container may be gone. */
function endOf({ state, ends }: ServicesRecord, name: string): JobEnd | null {
  return state === 'running' || state === 'completed' ? (ends[name] ?? null) : null;
}

/** Of a job that is over, what it does not wait for was stopped where it had not ended. */
function endState({ exitCode, byItself }: JobEnd): ServiceState {
  if (!byItself) return 'stopped';
  return exitCode === 0 ? 'done' : 'failed';
}

function stateOf({ state }: ServicesRecord, container: ContainerState | undefined): ServiceState {
  if (container === undefined) return state === 'stopped' ? 'stopped' : 'pending';
  const { status, health, exitCode } = container;
  if (exitCode !== null) {
    if (state === 'stopped' || state === 'stopping') return 'stopped';
    return exitCode === 0 ? 'done' : 'failed';
  }
  if (status === 'created') return 'pending';
  if (status !== 'running' || health === 'starting') return 'starting';
  return health === 'unhealthy' ? 'unhealthy' : 'running';
}
