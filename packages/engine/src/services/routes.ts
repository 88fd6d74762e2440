// Which addresses a playground has, and what is to be found there while it is in this or that state.
import { hostNameOf } from '@playhouse/contract/compose/names/host-name';
import type { PlannedService, ServicePlan } from '@playhouse/contract/compose/plan/service-plan';
import type { Login, Route, Target } from '../ingress/ingress-driver.ts';
import type { ContainerState } from './docker/docker-api.ts';
import type { ServicesRecord } from './services-record.ts';

/** User of the Basic auth that protects internal services. */
export const loginUser = 'playground';

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

/** A route for each exposed service; `targetOf` says where it leads. */
export function routesOf(
  record: ServicesRecord,
  { services }: ServicePlan,
  targetOf: (service: PlannedService) => Target,
): readonly Route[] {
  const login: Login = { user: loginUser, passwordHash: record.passwordHash };
  return services.flatMap((service): Route[] => {
    const host = hostOf(record, service);
    if (host === null || service.exposure === null) return [];
    const { visibility, pathRule: path } = service.exposure;
    const id = `${record.order.id}-${service.name}`;
    return [{ id, host, path, target: targetOf(service), login: visibility === 'internal' ? login : null }];
  });
}

/** The page that all addresses of a playground show while it has no containers to lead to. */
export function statePage(state: ServicesRecord['state'], name: string): Target {
  const texts: Readonly<Record<ServicesRecord['state'], readonly [string, string]>> = {
    starting: ['is starting', 'This page leads to it as soon as it is up: reload it in a moment.'],
    running: ['has no container for this address', 'The service may have ended.'],
    stopping: ['is being stopped', 'Its data is kept.'],
    stopped: ['is stopped', 'Its data is kept. Whoever owns it can start it again.'],
    error: ['could not be started', 'Whoever owns it sees why, and can try again.'],
    destroying: ['is being destroyed', 'Nothing of it will be left.'],
  };
  const [title, text] = texts[state];
  return { kind: 'page', status: 503, title: `${name} ${title}`, text };
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
    const said = sick.healthOutput ?? 'nothing';
    return {
      kind: 'page',
      status: 503,
      title: `${service.name} is not healthy`,
      text: `Its last health check said:\n\n${said}`,
    };
  }
  const ended = own.find(({ exitCode }) => exitCode !== null);
  if (ended !== undefined)
    return {
      kind: 'page',
      status: 503,
      title: `${service.name} has ended`,
      text: `Its exit code was ${ended.exitCode}.`,
    };
  return {
    kind: 'page',
    status: 503,
    title: `${service.name} is starting`,
    text: 'Reload this page in a moment.',
  };
}
