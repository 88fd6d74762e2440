import { isRecord } from '../../manifest/noun.ts';
import type { ComposeData } from './read-rendered.ts';

/** Absolute paths of the host that a rendered file mounts, by its services or by volumes that stand for one. */
export function mountedPaths(rendered: ComposeData): readonly string[] {
  const blocks = (kind: string) => Object.values(isRecord(rendered[kind]) ? rendered[kind] : {});
  const sources = blocks('services').flatMap((service) => {
    const volumes: unknown = isRecord(service) ? service['volumes'] : undefined;
    return Array.isArray(volumes)
      ? volumes.map((volume: unknown) => isRecord(volume) && volume['source'])
      : [];
  });
  const devices = blocks('volumes').map((volume) => {
    const options: unknown = isRecord(volume) ? volume['driver_opts'] : undefined;
    return isRecord(options) && options['device'];
  });
  const files = ['configs', 'secrets'].flatMap((kind) =>
    blocks(kind).map((part) => isRecord(part) && part['file']),
  );
  return [...sources, ...devices, ...files].filter(
    (path): path is string => typeof path === 'string' && path.startsWith('/'),
  );
}
