import type { DockerApi } from '../docker/docker-api.ts';
import { findVolumes, type NamedVolume } from '../docker/volumes.ts';
import { ownerLabel, type ServicesSubject, recordOf } from '../services-context.ts';

/** Whose a volume is that outlives its playground. */
export function playspecLabel(persistentId: string): string {
  return `playhouse.playspec=${persistentId}`;
}

/** The volumes that a playground’s services write, also those that will outlive it. Anonymous ones are not among them. */
export async function volumesOf(subject: ServicesSubject, api: DockerApi): Promise<readonly NamedVolume[]> {
  const { persistentId } = recordOf(subject).order;
  const own = await findVolumes(api, ownerLabel(subject.id));
  const lasting = persistentId === null ? [] : await findVolumes(api, playspecLabel(persistentId));
  return [...own, ...lasting];
}
