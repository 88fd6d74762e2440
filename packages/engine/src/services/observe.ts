import type { PlannedService } from '@playhouse/contract/compose/plan/service-plan';
import type { DockerApi } from './docker/docker-api.ts';
import { routesOf, serviceTarget, statePage } from './routes.ts';
import type { ServicesRecord } from './services-record.ts';
import { compiledOf, ownerLabel, projectOf, recordOf, type ServicesContext } from './services-context.ts';

/** Looks at a playground’s containers and has its addresses lead to those that can answer. */
export async function observe(
  context: ServicesContext,
  api: DockerApi,
  state: ServicesRecord['state'] = recordOf(context).state,
): Promise<void> {
  const { tools, id } = context;
  const record = recordOf(context);
  const { plan } = compiledOf(tools, record);
  const containers = await api.containers(ownerLabel(id));
  const before = JSON.stringify(context.seen.get(id));
  context.seen.set(id, containers);
  const page = statePage(state, projectOf(record));
  const leads = (service: PlannedService) =>
    state === 'running' ? serviceTarget(service, containers) : page;
  await tools.ingress.set(id, routesOf(record, plan, leads));
  if (before !== JSON.stringify(containers)) context.changed();
}
