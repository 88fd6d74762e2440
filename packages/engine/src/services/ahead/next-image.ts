import type { NextImage } from '@playhouse/contract/service';
import type { ServicesRecord } from '../services-record.ts';

/** What there is to tell of the image that a rollout would need: what was written down of it, else what `underWay`. */
export function nextImageOf(
  { nextImages, parts }: Pick<ServicesRecord, 'nextImages' | 'parts'>,
  service: string,
  underWay: NextImage | null,
): NextImage | null {
  const known = nextImages[service];
  if (known === undefined || known.commit === parts[service]?.commit) return underWay;
  const { commit, image, detail } = known;
  return { commit, state: image === null ? 'failed' : 'ready', detail };
}
