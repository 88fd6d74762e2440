// Which version of an image a final file names. A service runs the one that it was given, whatever the name means later on: another
// playground may pull a newer one. So whatever goes back finds the one before.
import { type PullPolicy, pullPolicyOf } from '@playhouse/contract/compose/plan/pull-policy';
import type { ComposeData } from '@playhouse/contract/compose/render/read-rendered';
import { readFinalServices } from '@playhouse/contract/compose/render/read-final';
import { readTextIfPresent } from '../../system/durable-file.ts';
import type { Docker } from '../docker/docker.ts';
import type { ServicesContext } from '../services-context.ts';
import { hostPlatform, imageHere, pullNeed } from './pull-need.ts';

/** An image that a service names. */
export interface NamedImage {
  readonly service: string;
  readonly image: string;
  /** The service as it was rendered. */
  readonly written: ComposeData;
}

interface Asked {
  readonly api: Pick<Docker['api'], 'ask'>;
}

/** The image with the digest that its registry gave it; null when the name alone is to do. With `anew` the name is all that counts. */
export async function pinnedImage(
  context: ServicesContext,
  named: NamedImage,
  { api }: Asked,
  anew: boolean,
): Promise<string | null> {
  const { image } = named;
  if (image.includes('@')) return null;
  const kept = anew ? null : await keptImage(context, named, { api });
  if (kept !== null) return kept === image ? null : kept;
  const here = await imageHere(api, image);
  const own = here?.digests.find((entry) => entry.split('@')[0] === repositoryOf(image));
  // What was only ever here has none.
  return own === undefined ? null : `${image}@${own.split('@')[1]}`;
}

/**
 * The version that a service keeps: that of the final file. A heal brings that back; otherwise a service has it for as long as it is
 * here, unless its registry is to be asked for newer ones. Null when it keeps none.
 */
export async function keptImage(
  { tools, id, healing = false }: ServicesContext,
  { service, image, written }: NamedImage,
  { api }: Asked,
): Promise<string | null> {
  const final = readFinalServices((await readTextIfPresent(tools.records.files(id).compose)) ?? '');
  const kept = final[service]?.['image'];
  if (typeof kept !== 'string' || (kept !== image && !kept.startsWith(`${image}@`))) return null;
  if (healing) return kept;
  const policy = pullPolicyOf(written);
  if (asksForNewer(policy)) return null;
  const question = { policy, platform: platformIn(written), hostPlatform: await hostPlatform(api) };
  const here = await imageHere(api, kept);
  return pullNeed({ ...question, here, way: 'usual', now: Date.now() }) === 'leave' ? kept : null;
}

/** The platform that a service asks for; null when it does not. */
export function platformIn({ platform }: ComposeData): string | null {
  return typeof platform === 'string' ? platform : null;
}

function asksForNewer(policy: PullPolicy): boolean {
  return policy !== 'missing' && policy !== 'never';
}

/** As Docker writes it: without a tag, and without the registry that is its own. */
function repositoryOf(image: string): string {
  return image.replace(/:[^:/]*$/, '').replace(/^(?:index\.)?docker\.io\/(?:library\/)?/, '');
}
