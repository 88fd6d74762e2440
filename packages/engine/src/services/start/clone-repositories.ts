import { realpath } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { PlannedService } from '@playhouse/contract/compose/plan/service-plan';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Step } from '../../operations/step.ts';
import { Checkout } from '../git/checkout.ts';
import { compiledOf, recordOf, type ServicesContext, type ServicesTools } from '../services-context.ts';

/** The checkout of a dynamic service. */
export function checkoutOf({ tools, id }: Pick<ServicesContext, 'tools' | 'id'>, service: string): Checkout {
  const files = tools.records.files(id);
  return new Checkout(files.checkout(service), files.history(service));
}

/** Clones each dynamic service’s branch. What was cloned before stays as it is. */
export const cloneRepositories: Step<ServicesContext> = {
  label: 'Cloning repositories',
  run: async (context, voice) => {
    const { tools, id } = context;
    const record = recordOf(context);
    const { plan } = compiledOf(tools, record);
    for (const service of plan.services) {
      if (service.source === null) continue;
      voice.detail(service.name);
      await requireOpen(tools, service);
      const { branch, newFrom } = record.order.services[service.name] ?? {};
      const checkout = checkoutOf(context, service.name);
      const wish = { branch: branch ?? service.source.branch, newFrom: newFrom ?? null };
      await checkout.clone({ url: service.source.repository.url, ...wish }, voice.signal);
      const state = await checkout.state();
      voice.log(`${service.name}: ${state.branch} at ${state.commit.slice(0, 12)}`);
      const { parts } = recordOf(context);
      const part = { image: null, ...parts[service.name], branch: state.branch, commit: state.commit };
      await tools.records.change(id, { parts: { ...parts, [service.name]: part } });
      context.changed();
    }
  },
};

/** Who starts a playground is not asked for an account of this host: only folders that were opened can be cloned. */
async function requireOpen(
  tools: Pick<ServicesTools, 'repositoryFolders'>,
  { source }: PlannedService,
): Promise<void> {
  if (source?.repository.transport !== 'file') return;
  const { url } = source.repository;
  const path = await realpath(fileURLToPath(url)).catch(() => null);
  if (path === null)
    throw new PlayhouseError('repository-unknown', { repository: url, detail: 'no such folder' });
  if (!tools.repositoryFolders.some((folder) => path === folder || path.startsWith(`${folder}/`)))
    throw new PlayhouseError('repository-outside', { repository: url });
}
