import { realpath } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { PlannedService, PlannedSource } from '@playhouse/contract/compose/plan/service-plan';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Step, StepVoice } from '../../operations/step.ts';
import { gitAccessFor } from '../../credentials/git-access.ts';
import { Checkout } from '../git/checkout.ts';
import type { CheckoutWish } from '../git/checkout-state.ts';
import { leftOutOf } from '../git/left-out.ts';
import {
  changeRecord,
  compiledOf,
  recordOf,
  type ServicesContext,
  type ServicesTools,
} from '../services-context.ts';
import type { ServicesRecord } from '../services-record.ts';

/** The checkout of a dynamic service. */
export function checkoutOf({ tools, id }: Pick<ServicesContext, 'tools' | 'id'>, service: string): Checkout {
  const files = tools.records.files(id);
  const owner = tools.records.find(id)?.order.owner ?? '';
  const withAccess = gitAccessFor(tools.credentials, owner);
  return new Checkout(files.checkout(service), files.history(service), withAccess);
}

/** Clones each dynamic service’s branch. What was cloned before stays as it is once the playground came up. */
export const cloneRepositories: Step<ServicesContext> = cloneStep(() => false);

/**
 * The same for one in error: sources that are mounted take up what is new, as they do while it runs. What was built stays pinned until
 * a rollout, and a copy stays at what it is a copy of.
 */
export const cloneAgain: Step<ServicesContext> = cloneStep(
  ({ order }, { name, production }) =>
    order.from === null && !(order.services[name]?.production ?? production),
);

function cloneStep(
  follows: (record: ServicesRecord, service: PlannedService) => boolean,
): Step<ServicesContext> {
  return {
    label: 'Cloning repositories',
    run: async (context, voice) => {
      await eachCheckout(context, voice, async (checkout, { service, url, wish }) => {
        if (!(await checkout.clone({ url, ...wish }, voice.signal))) return;
        const record = recordOf(context);
        if (record.established && !follows(record, service)) return;
        // It was cloned before what failed: perhaps what made it fail is mended by now.
        await checkout.sync(url, { take: true }, voice.signal);
      });
    },
  };
}

export interface WishedSource {
  readonly service: PlannedService;
  readonly url: string;
  readonly wish: Omit<CheckoutWish, 'url'>;
}

/** Does something for each dynamic service’s checkout, and keeps what it has then. */
export async function eachCheckout(
  context: ServicesContext,
  voice: StepVoice,
  work: (checkout: Checkout, source: WishedSource) => Promise<void>,
): Promise<void> {
  const record = recordOf(context);
  const { plan } = compiledOf(context.tools, record);
  for (const service of plan.services) {
    if (service.source === null) continue;
    voice.detail(service.name);
    await requireOpen(context.tools, service.source);
    const { branch, newFrom } = record.order.services[service.name] ?? {};
    // A branch that this playground made, or the one that it is a copy of, may have been pushed since.
    const orExisting = record.established || record.order.from !== null;
    const wish = { branch: branch ?? service.source.branch, newFrom: newFrom ?? null, orExisting };
    const checkout = checkoutOf(context, service.name);
    await work(checkout, { service, url: service.source.repository.url, wish });
    const state = await checkout.state();
    voice.log(`${service.name}: ${state.branch} at ${state.commit.slice(0, 12)}`);
    for (const line of await leftOutOf(checkout)) voice.log(`${service.name}: ${line}`);
    const { parts } = recordOf(context);
    const part = { image: null, ...parts[service.name], branch: state.branch, commit: state.commit };
    await changeRecord(context, { parts: { ...parts, [service.name]: part } });
    context.changed();
  }
}

/** Who starts a playground is not asked for an account of this host: only folders that were opened can be cloned. */
export async function requireOpen(
  tools: Pick<ServicesTools, 'repositoryFolders'>,
  { repository: { transport, url } }: PlannedSource,
): Promise<void> {
  if (transport !== 'file') return;
  const path = await realpath(fileURLToPath(url)).catch(() => null);
  if (path === null)
    throw new PlayhouseError('repository-unknown', { repository: url, detail: 'no such folder' });
  if (!tools.repositoryFolders.some((folder) => path === folder || path.startsWith(`${folder}/`)))
    throw new PlayhouseError('repository-outside', { repository: url });
}
