// What is in Docker of playgrounds that this engine does not know: left by a record that was lost, or by a crash between two Dockers.
// Known by the labels of this installation alone, or by having been of a container that has them; what others have is never removed.
import { z } from 'zod';
import type { DockerApi } from '../docker/docker-api.ts';
import { findVolume, listVolumes } from '../docker/volumes.ts';
import { playgroundLabel, type ServicesTools } from '../services-context.ts';
import { isAnonymous } from './is-anonymous.ts';
import type { FoundVolume, KeptVolumes } from './kept-volumes.ts';
import type { Swept } from './swept.ts';

const listSchema = z.array(
  z.object({
    Id: z.string(),
    Labels: z.record(z.string(), z.string()).nullish(),
    Mounts: z.array(z.object({ Type: z.string(), Name: z.string().optional() })).default([]),
  }),
);

interface Found {
  readonly kind: 'container' | 'network' | 'volume';
  readonly name: string;
  /** Id of the playground, as its label says. */
  readonly playground: string;
}

/**
 * Removes them: containers, then their networks, and the volumes that have been kept for long enough. A container's anonymous volumes
 * stay, and are remembered before it goes: after that nothing in Docker says whose they were.
 */
export async function removeOrphans(
  { records, installation }: Pick<ServicesTools, 'records' | 'installation'>,
  api: DockerApi,
  kept: Pick<KeptVolumes, 'anonymous' | 'review'>,
): Promise<Swept> {
  const isKnown = (id: string) => records.find(id) !== null || records.sick.has(id);
  const { containers, networks, volumes, mounted } = await findOrphans(api, installation, isKnown);
  const anonymous = await findAnonymous(api, [...(await kept.anonymous()), ...mounted], isKnown);
  const due = await kept.review([...volumes, ...anonymous]);
  const dueVolumes = [...volumes, ...anonymous].filter(({ name }) => due.has(name));
  const removed: string[] = [];
  const left: string[] = [];
  const found: readonly Found[] = [
    ...containers,
    ...networks,
    ...dueVolumes.map(({ name, playground }) => ({ kind: 'volume' as const, name, playground })),
  ];
  for (const { kind, name, playground } of found) {
    const said = `${kind} ${name} of playground ${playground}`;
    const options = { container: '?force=true', network: '', volume: '?force=true' }[kind];
    await api.remove(`/${kind}s/${encodeURIComponent(name)}${options}`).then(
      () => removed.push(said),
      (error: unknown) => left.push(`${said}: ${String(error)}`),
    );
  }
  return { removed, left };
}

/** What says that it is of a playground that is not known. What says nothing of a playground is somebody’s that outlives them. */
async function findOrphans(api: DockerApi, installation: string, isKnown: (id: string) => boolean) {
  const label = `playhouse.installation=${installation}`;
  const filters = encodeURIComponent(JSON.stringify({ label: [label] }));
  const containers = listSchema.parse(await api.ask(`/containers/json?all=true&filters=${filters}`));
  const networks = listSchema.parse(await api.ask(`/networks?filters=${filters}`));
  const volumes = await listVolumes(api, label);
  const orphanOf = (labels: Readonly<Record<string, string>> | null | undefined) => {
    const playground = labels?.[playgroundLabel];
    return playground === undefined || isKnown(playground) ? null : playground;
  };
  const orphans = (kind: Found['kind'], all: z.infer<typeof listSchema>) =>
    all.flatMap(({ Id, Labels, Mounts }) => {
      const playground = orphanOf(Labels);
      const mounts = Mounts.flatMap(({ Type, Name }) => (Type === 'volume' && Name ? [Name] : []));
      return playground === null ? [] : [{ kind, name: Id, playground, mounts }];
    });
  const lost = orphans('container', containers);
  return {
    containers: lost,
    networks: orphans('network', networks),
    volumes: volumes.flatMap(({ name, labels, plain, mountpoint }): FoundVolume[] => {
      const playground = orphanOf(labels);
      const folder = plain ? mountpoint : null;
      return playground === null ? [] : [{ name, playground, folder, anonymous: false, known: false }];
    }),
    /** Volumes of any sort that their containers have. */
    mounted: lost.flatMap(({ mounts, playground }) => mounts.map((name) => ({ name, playground }))),
  };
}

/** Those of the named volumes that are there and anonymous, each once. */
async function findAnonymous(
  api: DockerApi,
  named: readonly { readonly name: string; readonly playground: string }[],
  isKnown: (id: string) => boolean,
): Promise<readonly FoundVolume[]> {
  const owners = new Map(named.map(({ name, playground }) => [name, playground]));
  const found = [...owners].map(async ([name, playground]): Promise<FoundVolume[]> => {
    const volume = await findVolume(api, name);
    if (volume === null || !isAnonymous(volume)) return [];
    const folder = volume.plain ? volume.mountpoint : null;
    return [{ name, playground, folder, anonymous: true, known: isKnown(playground) }];
  });
  return (await Promise.all(found)).flat();
}
