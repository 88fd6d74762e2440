import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import {
  canonicalSource,
  formatImageReference,
  isImageSource,
  parseImageReference,
} from '@playhouse/contract/image-reference';
import type { BakedSource } from '../../images/source-store.ts';
import type { StepVoice } from '../../operations/step.ts';
import type { PlannedMachine } from '../playground-plan.ts';
import type { PlayroomTools } from '../playroom-tools.ts';

type ImageTools = Pick<PlayroomTools, 'sources' | 'pulls'>;

/**
 * The layer that a drive starts from, whole, and what it is: what stands in for a source that is not had here,
 * and of an image the reference with its digest.
 * @throws PlayhouseError image-unfit, image-user-unknown, and what obtainSource throws
 */
export async function driveImage(
  tools: ImageTools,
  machine: PlannedMachine,
  { source, mount }: { readonly source: string; readonly mount: string | null },
  voice: StepVoice,
): Promise<{ readonly layer: string; readonly source: string }> {
  const instead = tools.sources.inPlaceOf(source);
  if (instead !== source) {
    voice.detail(`${instead} in place of ${source}`);
    voice.log(`${machine.manifest.name}: there is no ${source} here, ${instead} stands in for it`);
  }
  const found = await obtainSource(tools, instead, voice);
  if (mount === '/') requireFit(machine, instead, found);
  return { layer: found.layer, source: pin(instead, found) };
}

/**
 * A source with its layer checked. An image that is not here is pulled; one that is here is taken as it is, until somebody
 * pulls it again.
 * @throws PlayhouseError source-unknown, source-not-baked, source-corrupt, and what pullImage throws
 */
async function obtainSource(
  { sources, pulls }: ImageTools,
  source: string,
  voice: StepVoice,
): Promise<BakedSource> {
  const here = !isImageSource(source) || (await sources.find(source)) !== null;
  if (!here) {
    await pulls.pull(source, {
      signal: voice.signal,
      phase: (phase) => voice.detail(`${source}: ${phase.toLowerCase()}`),
      detail: (text) => voice.detail(`${source}: ${text}`),
      progress: (progress) => voice.progress(progress),
      log: (line) => voice.log(`${source}: ${line}`),
    });
  }
  return await sources.verified(source);
}

/** An image must be able to be a machine, and have the users that the manifest names. */
function requireFit({ manifest }: PlannedMachine, source: string, { image, users }: BakedSource): void {
  if (image === null) return;
  if (image.init === null)
    throw new PlayhouseError('image-unfit', { source, detail: 'it has no /sbin/init.' });
  for (const user of ['root', ...manifest.users.map(({ name }) => name)]) {
    if (image.accounts.includes(user)) continue;
    const known = users.join(', ') || 'none';
    throw new PlayhouseError('image-user-unknown', { machine: manifest.name, user, source, known });
  }
}

function pin(source: string, { image }: BakedSource): string {
  const reference = parseImageReference(canonicalSource(source));
  if (reference === null || image === null) return source;
  return formatImageReference({ ...reference, digest: image.digest });
}
