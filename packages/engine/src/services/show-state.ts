import { projectName } from '@playhouse/contract/identifier';
import { routesOf, statePage } from './routes.ts';
import { planOf, type ServicesTools } from './services-context.ts';
import type { ServicesRecord } from './services-record.ts';

/** Has the addresses of a playground say how it is with it, whatever its containers are. @throws PlayhouseError ingress-failed */
export async function showState(
  tools: Pick<ServicesTools, 'box' | 'ingress'>,
  record: ServicesRecord,
): Promise<void> {
  const page = statePage(record.state, projectName(record.order));
  await tools.ingress.set(
    record.order.id,
    routesOf(record, planOf(tools, record), () => page),
  );
}
