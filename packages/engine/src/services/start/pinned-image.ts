// Which version of an image a final file names. A service that asks its registry for newer ones runs the one that it was given, whatever
// the name means later on: so a rollout sees that there is a newer one, and whatever goes back finds the one before.
import { pullPolicyOf } from '@playhouse/contract/compose/plan/pull-policy';
import type { ComposeData } from '@playhouse/contract/compose/render/read-rendered';
import { readFinalServices } from '@playhouse/contract/compose/render/read-final';
import { readTextIfPresent } from '../../system/durable-file.ts';
import type { Docker } from '../docker/docker.ts';
import type { ServicesContext } from '../services-context.ts';

/** The image of a service with the digest that its registry gave it; null when the name alone is to do. */
export async function pinnedImage(
  context: ServicesContext,
  { name, image, written }: { readonly name: string; readonly image: string; readonly written: ComposeData },
  docker: Pick<Docker, 'try'>,
): Promise<string | null> {
  const policy = pullPolicyOf(written);
  if (policy === 'missing' || policy === 'never' || image.includes('@')) return null;
  const healed = await healedImage(context, name, image);
  if (healed !== null) return healed;
  const words = ['image', 'inspect', '--format', '{{json .RepoDigests}}', '--', image];
  const { exitCode, stdout } = await docker.try(words);
  const digests = exitCode === 0 ? (JSON.parse(stdout) as readonly string[] | null) : null;
  const own = digests?.find((entry) => entry.split('@')[0] === repositoryOf(image));
  // What was only ever here has none.
  return own === undefined ? null : `${image}@${own.split('@')[1]}`;
}

/** What a heal is to bring back: the version that the final file names. Null otherwise. */
export async function healedImage(
  { tools, id, healing = false }: ServicesContext,
  service: string,
  image: string,
): Promise<string | null> {
  if (!healing) return null;
  const final = readFinalServices((await readTextIfPresent(tools.records.files(id).compose)) ?? '');
  const named = final[service]?.['image'];
  return typeof named === 'string' && named.startsWith(`${image}@`) ? named : null;
}

/** As Docker writes it: without a tag, and without the registry that is its own. */
function repositoryOf(image: string): string {
  return image.replace(/:[^:/]*$/, '').replace(/^(?:index\.)?docker\.io\/(?:library\/)?/, '');
}
