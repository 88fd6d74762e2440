// Builds what a rollout is going to ask for, before it does, by the same means as the rollout: on a copy of the record, with checkouts of
// its own of the commits that the rollout would take up. The checkouts and containers of the playground are left alone; what is kept is
// the image, by whose name the rollout finds it, and values that the new commit had generated, for they may be part of that name.
import { mkdtemp } from 'node:fs/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { printable } from '../../guest/printable.ts';
import { quietVoice } from '../../operations/step.ts';
import { removeDeepTree } from '../../system/remove-deep-tree.ts';
import { contextApart } from '../context-apart.ts';
import { maskOf } from '../secrets/playground-secrets.ts';
import { recordOf, type ServicesContext, type ServicesTools } from '../services-context.ts';
import { ServicesRecords } from '../services-record.ts';
import type { BuiltAhead } from '../services-version.ts';
import { checkoutOf } from '../start/clone-repositories.ts';
import { makeImage } from '../start/make-image.ts';
import { isBuilt } from '../start/planned-image.ts';
import { renderedOf } from '../start/rendered.ts';
import { wishedSources } from '../start/wished-sources.ts';
import type { DueImages } from './due-images.ts';

export interface BuildAheadParts {
  readonly tools: ServicesTools;
  /** Where playgrounds are: what an engine that dies leaves there has no record, and is removed. */
  readonly folder: string;
  /** Does work on histories of a playground while nothing is fetched into them. */
  readonly inQuiet: (id: string, work: () => Promise<void>) => Promise<void>;
}

export interface BuildAheadWork {
  readonly id: string;
  readonly due: DueImages;
  readonly signal: AbortSignal;
  /** Hears which service is built now. */
  readonly begins: (service: string) => void;
}

/** Faults of the commit: the same commit fails again. All others are the host’s, and pass. */
const faults: ReadonlySet<string> = new Set(['image-build-failed', 'compose-refused']);

/** Builds what is due, and writes down what came of it. @throws PlayhouseError cancelled, and what is wrong with the host */
export async function buildAhead(parts: BuildAheadParts, work: BuildAheadWork): Promise<void> {
  const { tools, folder } = parts;
  const record = tools.records.find(work.id);
  if (record === null) return;
  const own = await mkdtemp(`${folder}/ahead-`);
  try {
    const context = contextApart(tools, new ServicesRecords(own), work.id);
    await context.tools.records.save({ ...record, next: null });
    await build(parts, work, context);
  } finally {
    await removeDeepTree(own);
  }
}

async function build(
  { tools, inQuiet }: BuildAheadParts,
  { id, due, signal, begins }: BuildAheadWork,
  context: ServicesContext,
): Promise<void> {
  const voice = quietVoice(() => {}, signal);
  const keep = keeping(tools, context, due);
  const failed = async (services: readonly string[], error: unknown) => {
    signal.throwIfAborted();
    if (!(error instanceof PlayhouseError) || !faults.has(error.code)) throw error;
    const masked = maskOf(tools, id).text(maskOf(context.tools, id).text(printable(error.message)));
    for (const service of services) await keep(service, { image: null, detail: masked });
  };
  try {
    await inQuiet(id, async () => await copyCheckouts(tools, context, due, signal));
    await renderedOf(context, voice);
  } catch (error) {
    return await failed(due.services, error);
  }
  const { rendered, plan } = await renderedOf(context, voice);
  for (const name of due.services) {
    signal.throwIfAborted();
    begins(name);
    try {
      const service = plan.services.find((each) => each.name === name);
      if (service === undefined || !isBuilt(service)) throw unbuildable(name, 'nothing of it is built');
      await makeImage(context, service, rendered, voice, async ({ image }) => {
        await keep(name, { image, detail: null });
      });
    } catch (error) {
      await failed([name], error);
    }
  }
}

function unbuildable(service: string, detail: string): PlayhouseError {
  return new PlayhouseError('image-build-failed', { service, detail });
}

/** Gives what writes down what became of a service’s image, with values that were generated meanwhile. */
function keeping(tools: ServicesTools, context: ServicesContext, { commits, order }: DueImages) {
  const { id } = context;
  let known = recordOf(context).secrets;
  return async (service: string, made: Pick<BuiltAhead, 'image' | 'detail'>): Promise<void> => {
    const record = tools.records.find(id);
    const commit = commits.get(service);
    if (record === null || commit === undefined) return;
    const { secrets } = recordOf(context);
    const nextImages = { ...record.nextImages, [service]: { commit, order, ...made } };
    // Others that changed them meanwhile are right.
    const mayKeep = record.secrets === known;
    if (mayKeep) known = secrets;
    await tools.records.change(id, { nextImages, ...(mayKeep ? { secrets } : {}) });
  };
}

/** Gives the copy the histories as a rollout would have them. What is built has a copy of its own. */
async function copyCheckouts(
  tools: ServicesTools,
  context: ServicesContext,
  { commits }: DueImages,
  signal: AbortSignal,
): Promise<void> {
  const { id } = context;
  for (const { name } of wishedSources(context)) {
    const checkout = checkoutOf({ tools, id }, name);
    const commit = commits.get(name) ?? (await checkout.state()).commit;
    await checkout.copyTo(checkoutOf(context, name), commit, signal);
  }
}
