import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { projectName } from '@playhouse/contract/identifier';
import type { Step } from '../../operations/step.ts';
import { hostOf, routesOf, statePage } from '../routes.ts';
import { compiledOf, recordOf, type ServicesContext } from '../services-context.ts';

/** Has Docker and the proxy up, and the playground’s addresses show that it is starting. */
export const startProxy: Step<ServicesContext> = {
  label: 'Starting the proxy',
  run: async (context, voice) => {
    const { tools, id } = context;
    await tools.docker(voice);
    const record = recordOf(context);
    const { plan } = compiledOf(tools, record);
    for (const service of plan.services) {
      const host = hostOf(record, service);
      if (host === null || service.exposure === null) continue;
      const owner = tools.ingress.ownerOf(host, service.exposure.pathRule);
      if (owner === null || owner === id) continue;
      const other = tools.records.find(owner);
      const holder = other === null ? 'another playground' : projectName(other.order);
      throw new PlayhouseError('host-name-taken', { service: service.name, host, holder });
    }
    const page = statePage('starting', projectName(record.order));
    await tools.ingress.set(
      id,
      routesOf(record, plan, () => page),
    );
    await tools.ingress.certify(id);
  },
  undo: async (context) => {
    const { tools, id } = context;
    const record = recordOf(context);
    const { plan } = compiledOf(tools, record);
    const page = statePage('error', projectName(record.order));
    // Addresses that are another’s are not ours to show anything at.
    const own = routesOf(record, plan, () => page).filter(({ host, path }) => {
      const owner = tools.ingress.ownerOf(host, path);
      return owner === null || owner === id;
    });
    await tools.ingress.set(id, own);
  },
};
