import { isDeepStrictEqual } from 'node:util';
import type { PlannedService } from '@playhouse/contract/compose/plan/service-plan';
import { projectName } from '@playhouse/contract/identifier';
import type { ContainerLister, ContainerState } from './docker/docker-api.ts';
import { routesOf, serviceTarget, statePage } from './routes.ts';
import type { ServicesRecord } from './services-record.ts';
import { maskOf } from './secrets/playground-secrets.ts';
import { ownerLabel, planOf, type ServicesContext } from './services-context.ts';

/**
 * Looks at a playground’s containers and has its addresses lead to those that can answer. `during` is what an operation is about to
 * make of it; without that it is left to an operation that begins, or changes where requests go, meanwhile. `gently` changes routes
 * as the ingress means it.
 */
export async function observe(
  context: ServicesContext,
  api: ContainerLister,
  during?: ServicesRecord['state'],
  gently = false,
): Promise<void> {
  const { tools, id, seen } = context;
  const before = turnOf(tools.records.find(id));
  const containers = await containersOf(context, api);
  const record = tools.records.find(id);
  if (record === null || (during === undefined && !isDeepStrictEqual(turnOf(record), before))) return;
  const known = JSON.stringify(seen.get(id));
  seen.set(id, containers);
  const state = during ?? record.state;
  const page = statePage(state, projectName(record.order));
  const open = containers.filter((container) => getsRequests(record, container));
  const leads = (service: PlannedService) => (state === 'running' ? serviceTarget(service, open) : page);
  await tools.ingress.set(id, routesOf(record, planOf(tools, record), leads), gently);
  if (known !== JSON.stringify(containers)) context.changed();
}

/** What an operation has made of it: what was seen in an earlier turn says nothing about the routes of the next. */
function turnOf(record: ServicesRecord | null) {
  return [record?.state, record?.next?.former, record?.next?.switched];
}

/** While a service is replaced, only its old containers get requests, and then only its new ones. */
function getsRequests({ next }: ServicesRecord, { service, id }: ContainerState): boolean {
  const former = next?.former[service];
  return former === undefined || former.includes(id) !== (next?.switched ?? false);
}

/** The containers of a playground, with the verdict of whichever health check they have. */
export async function containersOf(
  context: ServicesContext,
  api: ContainerLister,
): Promise<readonly ContainerState[]> {
  const { tools, id, health } = context;
  const containers = await api.containers(ownerLabel(id));
  const record = tools.records.find(id);
  if (record === null) return containers;
  // What a rollout brings about is judged by its own version.
  const next = record.next === null ? null : { ...record, ...record.next.version };
  const plans = [record, ...(next === null ? [] : [next])].map((each) => planOf(tools, each));
  const services = plans.flatMap((plan) => plan.services).toReversed();
  const judged = await health.judge(containers, { services, jobMode: false });
  // Health checks print what they like, and the page of a service that is not well shows it to everybody.
  const mask = maskOf(tools, id);
  return judged.map(({ healthOutput, ...container }) => ({
    ...container,
    healthOutput: healthOutput === null ? null : mask.text(healthOutput),
  }));
}
