// Which addresses a playground has, and what is to be found there while it is in this or that state.
import { hostNameOf } from '@playhouse/contract/compose/names/host-name';
import type { PlannedService, ServicePlan } from '@playhouse/contract/compose/plan/service-plan';
import type { PlaygroundRoute } from '../ingress/ingress.ts';
import type { Page, Target } from '../ingress/ingress-driver.ts';
import { projectName } from '@playhouse/contract/identifier';
import type { ContainerState } from './docker/docker-api.ts';
import type { ServicesRecord } from './services-record.ts';

/** Seconds after which a page looks again. */
const startingWait = 3;
const sickWait = 10;
const maintenanceWait = 60;

/** The host name of an exposed service; null for others. */
export function hostOf(
  { order }: Pick<ServicesRecord, 'order'>,
  { name, exposure }: PlannedService,
): string | null {
  if (exposure === null) return null;
  const chosen = order.services[name]?.subdomain;
  const { slug, domain } = order;
  const subdomain = chosen ?? exposure.subdomain;
  return hostNameOf({ subdomain, slug, domain, chosen: chosen !== undefined });
}

/** A route for each exposed service; `targetOf` says where it leads, unless it is under maintenance. */
export function routesOf(
  record: ServicesRecord,
  { services }: ServicePlan,
  targetOf: (service: PlannedService) => Target,
): readonly PlaygroundRoute[] {
  return services.flatMap((service): PlaygroundRoute[] => {
    const host = hostOf(record, service);
    if (host === null || service.exposure === null) return [];
    const { visibility, pathRule: path } = service.exposure;
    const id = `${record.order.id}-${service.name}`;
    const target = maintenancePage(record, service.name) ?? targetOf(service);
    return [{ id, host, path, target, internal: visibility === 'internal' }];
  });
}

/** What a service under maintenance shows, whatever state it is in; null when it is not. */
export function maintenancePage({ order, maintenance }: ServicesRecord, service: string): Page | null {
  const message = maintenance.services[service] ?? maintenance.all;
  if (message === null) return null;
  const text = message === '' ? 'It will be back soon. Nothing is lost.' : message;
  return {
    kind: 'page',
    status: 503,
    title: `${projectName(order)} is under maintenance`,
    text,
    again: maintenanceWait,
  };
}

/** The page that all addresses of a playground show while it has no containers to lead to. */
export function statePage(state: ServicesRecord['state'], name: string): Target {
  const texts: Readonly<Record<ServicesRecord['state'], readonly [string, string, number?]>> = {
    starting: ['is starting', 'As soon as it is up, you will see it here.', startingWait],
    running: ['has no container for this address', 'The service may have ended.'],
    stopping: ['is being stopped', 'Its data is kept.', startingWait],
    stopped: ['is stopped', 'Its data is kept. Whoever owns it can start it again.'],
    completed: ['is a job that is over', 'Its result and its logs are kept for a while.'],
    error: ['could not be started', 'Whoever owns it sees why, and can try again.'],
    destroying: ['is being destroyed', 'Nothing of it will be left.'],
  };
  const [title, text, again] = texts[state];
  return pageOf(`${name} ${title}`, text, again === undefined ? {} : { again });
}

/** Where requests for a running service go: to its containers that can answer, or to a page that says why there are none. */
export function serviceTarget(service: PlannedService, containers: readonly ContainerState[]): Target {
  const own = containers.filter((container) => container.service === service.name);
  const up = own.filter(
    ({ status, health }) => status === 'running' && health !== 'unhealthy' && health !== 'starting',
  );
  const addresses = up.flatMap(({ addresses: [address], port }) =>
    address === undefined ? [] : [`${address}:${port ?? service.exposure?.port ?? 80}`],
  );
  if (addresses.length > 0) return { kind: 'upstreams', addresses: addresses.toSorted() };
  const sick = own.find(({ health }) => health === 'unhealthy');
  if (sick !== undefined) {
    const said = sick.healthOutput?.trim() ?? '';
    const what =
      said === ''
        ? { text: 'Its last health check said nothing.' }
        : { text: 'Its last health check said:', said };
    return pageOf(`${service.name} is not healthy`, what.text, { again: sickWait, ...what });
  }
  const ended = own.find(({ exitCode }) => exitCode !== null);
  if (ended !== undefined)
    return pageOf(`${service.name} has ended`, `Its exit code was ${ended.exitCode}.`, { again: sickWait });
  const text = 'As soon as it is up, you will see it here.';
  return pageOf(`${service.name} is starting`, text, { again: startingWait });
}

function pageOf(title: string, text: string, more: Partial<Page> = {}): Page {
  return { kind: 'page', status: 503, title, text, ...more };
}
