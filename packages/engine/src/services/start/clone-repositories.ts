import { realpath } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { PlannedSource } from '@playhouse/contract/compose/plan/service-plan';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Step, StepVoice } from '../../operations/step.ts';
import { gitAccessFor } from '../../credentials/git-access.ts';
import { Checkout } from '../git/checkout.ts';
import { leftOutOf } from '../git/left-out.ts';
import { changeRecord, recordOf, type ServicesContext, type ServicesTools } from '../services-context.ts';
import type { ServicesRecord } from '../services-record.ts';
import { type WishedSource, wishedSources } from './wished-sources.ts';

/** The checkout of a dynamic service. */
export function checkoutOf({ tools, id }: Pick<ServicesContext, 'tools' | 'id'>, service: string): Checkout {
  const files = tools.records.files(id);
  const owner = tools.records.find(id)?.order.owner ?? '';
  const withAccess = gitAccessFor(tools, owner);
  return new Checkout(files.checkout(service), files.history(service), withAccess);
}

/** Clones each dynamic service’s branch. What was cloned before stays as it is once the playground came up. */
export const cloneRepositories: Step<ServicesContext> = cloneStep(() => false);

/**
 * The same for one in error: sources that are mounted take up what is new, as they do while it runs. What was built stays pinned until
 * a rollout, and a copy stays at what it is a copy of.
 */
export const cloneAgain: Step<ServicesContext> = cloneStep(
  ({ order }, { name, service }) =>
    order.from === null && !(order.services[name]?.production ?? service?.production ?? false),
);

function cloneStep(
  follows: (record: ServicesRecord, source: WishedSource) => boolean,
): Step<ServicesContext> {
  return {
    label: 'Cloning repositories',
    run: async (context, voice) => {
      await eachCheckout(context, voice, async (checkout, source) => {
        const { url } = source.repository;
        const { wish } = source;
        if (!(await checkout.clone({ url, ...wish }, voice.signal))) return;
        const record = recordOf(context);
        if (record.established && !follows(record, source)) return;
        // It was cloned before what failed: perhaps what made it fail is mended by now.
        await checkout.sync(url, { take: true }, voice.signal);
      });
    },
  };
}

/** Does something for each checkout, and keeps what it has then. */
export async function eachCheckout(
  context: ServicesContext,
  voice: StepVoice,
  work: (checkout: Checkout, source: WishedSource) => Promise<void>,
): Promise<void> {
  for (const source of wishedSources(context)) {
    const { name } = source;
    voice.detail(source.service === null ? 'the Compose file' : name);
    await requireOpen(context.tools, source);
    const checkout = checkoutOf(context, name);
    await requireSame(checkout, source);
    await work(checkout, source);
    const state = await checkout.state();
    voice.log(`${nameOf(source)}: ${state.branch} at ${state.commit.slice(0, 12)}`);
    for (const line of await leftOutOf(checkout)) voice.log(`${nameOf(source)}: ${line}`);
    const { parts } = recordOf(context);
    const part = { image: null, ...parts[name], branch: state.branch, commit: state.commit };
    await changeRecord(context, { parts: { ...parts, [name]: part } });
    context.changed();
  }
}

/** What somebody works in is not replaced by something else, and what was asked for is not something else without a word. */
async function requireSame(checkout: Checkout, source: WishedSource): Promise<void> {
  if (!checkout.isComplete) return;
  const { url } = source.repository;
  const former = await checkout.repository();
  if (former !== url)
    throw new PlayhouseError('repository-changed', { service: nameOf(source), former, repository: url });
}

/** Of whom a checkout is, in words. */
export function nameOf({ name, service }: WishedSource): string {
  return service === null ? 'the Compose file' : name;
}

/** Who starts a playground is not asked for an account of this host: only folders that were opened can be cloned. */
export async function requireOpen(
  tools: Pick<ServicesTools, 'repositoryFolders'>,
  { repository: { transport, url } }: Pick<PlannedSource, 'repository'>,
): Promise<void> {
  if (transport !== 'file') return;
  const path = await realpath(fileURLToPath(url)).catch(() => null);
  if (path === null)
    throw new PlayhouseError('repository-unknown', { repository: url, detail: 'no such folder' });
  if (!tools.repositoryFolders.some((folder) => path === folder || path.startsWith(`${folder}/`)))
    throw new PlayhouseError('repository-outside', { repository: url });
}
