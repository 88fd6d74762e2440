import { isRecord } from '../../manifest/noun.ts';
import { textOf } from '../text-of.ts';
import type { ComposeData } from './read-rendered.ts';
import { nameOfPart } from './name-of-part.ts';
import type { RenderOptions } from './render-options.ts';
import { isExternal } from './render-networks.ts';

/** A volume that Docker is asked for before `up`, with the labels of its owner. */
export interface PersistentVolume {
  readonly name: string;
  /** Key of the file, which says which data it is. */
  readonly key: string;
  readonly driver: string;
  readonly options: Readonly<Record<string, string>>;
}

/**
 * The named volumes of the final file. Those that outlive the playground are external ones: Compose would take a volume that
 * another project made for a mistake, and remove it with `down --volumes`.
 */
export function renderVolumes(
  volumes: ComposeData,
  options: RenderOptions,
): { readonly volumes: ComposeData; readonly persistentVolumes: readonly PersistentVolume[] } {
  const { volumePrefix, owner } = options;
  const persistentVolumes: PersistentVolume[] = [];
  const entries = Object.entries(volumes).map(([key, written]) => {
    const volume = isRecord(written) ? written : {};
    if (isExternal(volume)) return [key, volume] as const;
    if (volumePrefix !== null) {
      const name = `${volumePrefix}_${key}`;
      persistentVolumes.push({ name, key, ...driverOf(volume) });
      return [key, { name, external: true }] as const;
    }
    const { labels, ...rest } = volume;
    const name = nameOfPart(key, volume, 'volume-name', options);
    return [key, { ...rest, name, labels: { ...(isRecord(labels) ? labels : {}), ...owner } }] as const;
  });
  return { volumes: Object.fromEntries(entries), persistentVolumes };
}

function driverOf({
  driver,
  driver_opts: options,
}: ComposeData): Pick<PersistentVolume, 'driver' | 'options'> {
  const entries = isRecord(options) ? Object.entries(options) : [];
  return {
    driver: typeof driver === 'string' ? driver : 'local',
    options: Object.fromEntries(entries.map(([name, value]) => [name, textOf(value)])),
  };
}
