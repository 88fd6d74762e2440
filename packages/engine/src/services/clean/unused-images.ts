// Images that were built for playgrounds and that none needs any more. One of the same commit may be several playgrounds’.
import { ownImagePrefix } from '@playhouse/contract/compose/names/own-image-prefix';
import { z } from 'zod';
import type { DockerApi } from '../docker/docker-api.ts';
import type { ServicesRecord } from '../services-record.ts';
import type { ServicesTools } from '../services-context.ts';
import type { Swept } from './swept.ts';

const imagesSchema = z.array(z.object({ Id: z.string(), RepoTags: z.array(z.string()).nullish() }));

type Tools = Pick<ServicesTools, 'records' | 'installation' | 'making'>;

/** Names of the images that records say their services are made of, are about to be, or will be with the next rollout. */
export function neededImages(records: readonly ServicesRecord[]): ReadonlySet<string> {
  const versions = records.flatMap((record) => [
    record,
    ...(record.next === null ? [] : [record.next.version]),
  ]);
  const parts = versions.flatMap((version) => Object.values(version.parts));
  const ahead = records.flatMap(({ nextImages }) => Object.values(nextImages));
  return new Set([...parts, ...ahead].flatMap(({ image }) => image ?? []));
}

/**
 * Removes the images that no playground needs; `without` is one that is being destroyed, and counts no more. What a container still
 * has is left to Docker, which does not give it away.
 */
export async function removeUnusedImages(
  { records, installation, making }: Tools,
  api: DockerApi,
  without: string | null = null,
): Promise<Swept> {
  // A record that cannot be read may need any of them.
  if (records.sick.size > 0) return { removed: [], left: [] };
  const filters = encodeURIComponent(JSON.stringify({ label: [`playhouse.installation=${installation}`] }));
  const images = imagesSchema.parse(await api.ask(`/images/json?filters=${filters}`));
  const removed: string[] = [];
  const left: string[] = [];
  for (const { Id, RepoTags } of images) {
    const tags = (RepoTags ?? []).filter((tag) => tag !== '<none>:<none>');
    // What has no name was replaced by a later build of a checkout that somebody works in.
    for (const name of tags.length === 0 ? [Id] : tags.filter((tag) => tag.startsWith(ownImagePrefix))) {
      // Asked for each anew: a build may have begun meanwhile.
      const needed = neededImages(records.all().filter(({ order }) => order.id !== without));
      if (needed.has(name) || making.has(name)) continue;
      await api.remove(`/images/${encodeURIComponent(name)}`).then(
        () => removed.push(`image ${name}`),
        (error: unknown) => left.push(`image ${name}: ${String(error)}`),
      );
    }
  }
  return { removed, left };
}
