import { z } from 'zod';
import type { DockerApi } from './docker-api.ts';

/** Which volume of its file one is; Docker Compose says so of all that it makes, and so do we. */
export const volumeKeyLabel = 'com.docker.compose.volume';

export interface Volume {
  readonly name: string;
  /** Folder of the host that containers see. */
  readonly mountpoint: string;
  /** True when that is where its data is, and not something that is mounted there while a container runs. */
  readonly plain: boolean;
  readonly labels: Readonly<Record<string, string>>;
}

export interface NamedVolume extends Volume {
  /** As its Compose file calls it. */
  readonly key: string;
}

const volumeSchema = z
  .object({
    Name: z.string(),
    Driver: z.string(),
    Mountpoint: z.string(),
    Labels: z.record(z.string(), z.string()).nullish(),
    Options: z.record(z.string(), z.string()).nullish(),
  })
  .transform(({ Name: name, Driver, Mountpoint: mountpoint, Labels, Options }) => {
    const plain = Driver === 'local' && Object.keys(Options ?? {}).length === 0;
    return { name, mountpoint, plain, labels: Labels ?? {} };
  });
const listSchema = z.object({ Volumes: z.array(volumeSchema).nullish() });

/** The volumes that carry a label. */
export async function listVolumes(api: DockerApi, label: string): Promise<readonly Volume[]> {
  const filters = encodeURIComponent(JSON.stringify({ label: [label] }));
  return listSchema.parse(await api.ask(`/volumes?filters=${filters}`)).Volumes ?? [];
}

/** The volume of that name; null when there is none. */
export async function findVolume(api: DockerApi, name: string): Promise<Volume | null> {
  return volumeSchema.nullable().parse(await api.ask(`/volumes/${encodeURIComponent(name)}`));
}

/** The volumes that carry a label and are named in a Compose file, by their names. */
export async function findVolumes(api: DockerApi, label: string): Promise<readonly NamedVolume[]> {
  return (await listVolumes(api, label))
    .flatMap((volume): NamedVolume[] => {
      const key = volume.labels[volumeKeyLabel];
      return key === undefined ? [] : [{ ...volume, key }];
    })
    .toSorted((one, other) => one.name.localeCompare(other.name));
}
