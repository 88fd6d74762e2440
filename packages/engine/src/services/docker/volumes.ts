import { z } from 'zod';
import type { DockerApi } from './docker-api.ts';

/** Which volume of its file one is; Docker Compose says so of all that it makes, and so do we. */
export const volumeKeyLabel = 'com.docker.compose.volume';

export interface NamedVolume {
  readonly name: string;
  /** As its Compose file calls it. */
  readonly key: string;
  /** Folder of the host that containers see. */
  readonly mountpoint: string;
  /** True when that is where its data is, and not something that is mounted there while a container runs. */
  readonly plain: boolean;
  readonly labels: Readonly<Record<string, string>>;
}

const listSchema = z.object({
  Volumes: z
    .array(
      z.object({
        Name: z.string(),
        Driver: z.string(),
        Mountpoint: z.string(),
        Labels: z.record(z.string(), z.string()).nullish(),
        Options: z.record(z.string(), z.string()).nullish(),
      }),
    )
    .nullish(),
});

/** The volumes that carry a label and are named in a Compose file, by their names. */
export async function findVolumes(api: DockerApi, label: string): Promise<readonly NamedVolume[]> {
  const filters = encodeURIComponent(JSON.stringify({ label: [label] }));
  const { Volumes: found } = listSchema.parse(await api.ask(`/volumes?filters=${filters}`));
  return (found ?? [])
    .flatMap(({ Name: name, Driver, Mountpoint: mountpoint, Labels, Options }): NamedVolume[] => {
      const labels = Labels ?? {};
      const key = labels[volumeKeyLabel];
      const plain = Driver === 'local' && Object.keys(Options ?? {}).length === 0;
      return key === undefined ? [] : [{ name, key, mountpoint, plain, labels }];
    })
    .toSorted((one, other) => one.name.localeCompare(other.name));
}
