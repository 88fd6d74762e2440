// What is in Docker of playgrounds that this engine does not know: left by a record that was lost, or by a crash between two Dockers.
// Known by the labels of this installation alone; what others have is never looked at.
import { z } from 'zod';
import type { DockerApi } from '../docker/docker-api.ts';
import type { ServicesTools } from '../services-context.ts';
import type { Swept } from './swept.ts';

const labels = z.record(z.string(), z.string()).nullish();
const containersSchema = z.array(z.object({ Id: z.string(), Labels: labels }));
const networksSchema = containersSchema;
const volumesSchema = z.object({
  Volumes: z.array(z.object({ Name: z.string(), Labels: labels })).nullish(),
});

interface Found {
  readonly kind: 'container' | 'network' | 'volume';
  readonly name: string;
  /** Id of the playground, as its label says. */
  readonly playground: string | null;
}

/** Those of playgrounds that are not known. What says nothing of a playground is somebody’s that outlives them. */
export function orphansOf(
  found: readonly Found[],
  isKnown: (playground: string) => boolean,
): readonly Found[] {
  return found.filter(({ playground }) => playground !== null && !isKnown(playground));
}

/** Removes them: containers, then their networks, and the volumes that `isDue` says have been kept for long enough. */
export async function removeOrphans(
  { records, installation }: Pick<ServicesTools, 'records' | 'installation'>,
  api: DockerApi,
  isDue: (volume: string, playground: string) => boolean,
): Promise<Swept> {
  const isKnown = (id: string) => records.find(id) !== null || records.sick.has(id);
  const removed: string[] = [];
  const left: string[] = [];
  for (const { kind, name, playground } of orphansOf(await findAll(api, installation), isKnown)) {
    if (kind === 'volume' && !isDue(name, playground ?? '')) continue;
    const said = `${kind} ${name} of playground ${playground}`;
    const options = { container: '?force=true&v=true', network: '', volume: '?force=true' }[kind];
    await api.remove(`/${kind}s/${encodeURIComponent(name)}${options}`).then(
      () => removed.push(said),
      (error: unknown) => left.push(`${said}: ${String(error)}`),
    );
  }
  return { removed, left };
}

async function findAll(api: DockerApi, installation: string): Promise<readonly Found[]> {
  const filters = encodeURIComponent(JSON.stringify({ label: [`playhouse.installation=${installation}`] }));
  const containers = containersSchema.parse(await api.ask(`/containers/json?all=true&filters=${filters}`));
  const networks = networksSchema.parse(await api.ask(`/networks?filters=${filters}`));
  const { Volumes } = volumesSchema.parse(await api.ask(`/volumes?filters=${filters}`));
  const owner = (each: z.infer<typeof labels>) => each?.['playhouse.playground'] ?? null;
  return [
    ...containers.map(({ Id, Labels }) => ({
      kind: 'container' as const,
      name: Id,
      playground: owner(Labels),
    })),
    ...networks.map(({ Id, Labels }) => ({ kind: 'network' as const, name: Id, playground: owner(Labels) })),
    ...(Volumes ?? []).map(({ Name, Labels }) => ({
      ...{ kind: 'volume' as const, name: Name, playground: owner(Labels) },
    })),
  ];
}
