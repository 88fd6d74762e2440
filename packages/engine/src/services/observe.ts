import type { PlannedService } from '@playhouse/contract/compose/plan/service-plan';
import { projectName } from '@playhouse/contract/identifier';
import type { DockerApi } from './docker/docker-api.ts';
import { routesOf, serviceTarget, statePage } from './routes.ts';
import type { ServicesRecord } from './services-record.ts';
import { compiledOf, ownerLabel, type ServicesContext } from './services-context.ts';

/**
 * Looks at a playground’s containers and has its addresses lead to those that can answer. `during` is what an operation is about to
 * make of it; without that it is left to an operation that begins meanwhile.
 */
export async function observe(
  context: ServicesContext,
  api: DockerApi,
  during?: ServicesRecord['state'],
): Promise<void> {
  const { tools, id, seen } = context;
  const before = tools.records.find(id)?.state;
  const containers = await api.containers(ownerLabel(id));
  const record = tools.records.find(id);
  if (record === null || (during === undefined && record.state !== before)) return;
  const known = JSON.stringify(seen.get(id));
  seen.set(id, containers);
  const state = during ?? record.state;
  const page = statePage(state, projectName(record.order));
  const leads = (service: PlannedService) =>
    state === 'running' ? serviceTarget(service, containers) : page;
  await tools.ingress.set(id, routesOf(record, compiledOf(tools, record).plan, leads));
  if (known !== JSON.stringify(containers)) context.changed();
}
