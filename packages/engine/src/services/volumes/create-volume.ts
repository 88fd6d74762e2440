import { readFinal } from '@playhouse/contract/compose/render/read-final';
import { isRecord } from '@playhouse/contract/manifest/noun';
import { projectName } from '@playhouse/contract/identifier';
import type { ServicesOrder } from '@playhouse/contract/link/services-order';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Docker } from '../docker/docker.ts';
import { volumeKeyLabel } from '../docker/volumes.ts';

/** What a final Compose file says of a volume. */
export interface DeclaredVolume {
  readonly key: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** The volumes of a final Compose file that are kept on the disk of the playroom. */
export function declaredVolumes(text: string): readonly DeclaredVolume[] {
  const { volumes } = readFinal(text);
  return Object.entries(isRecord(volumes) ? volumes : {}).flatMap(([key, written]): DeclaredVolume[] => {
    if (!isRecord(written) || typeof written['name'] !== 'string') return [];
    const { name, labels, driver, driver_opts: options } = written;
    if ((driver ?? 'local') !== 'local' || (isRecord(options) && Object.keys(options).length > 0)) return [];
    const entries = Object.entries(isRecord(labels) ? labels : {});
    return [
      { key, name, labels: Object.fromEntries(entries.map(([label, value]) => [label, String(value)])) },
    ];
  });
}

/**
 * Makes a volume as Docker Compose would, unless it is there. Gives the folder that containers see; null when it belongs to somebody
 * else: fixed names may be shared where the host policy allows them.
 */
export async function createVolume(
  docker: Docker,
  order: Parameters<typeof projectName>[0] & Pick<ServicesOrder, 'id' | 'persistentId'>,
  { key, name, labels }: DeclaredVolume,
): Promise<string | null> {
  const compose = { 'com.docker.compose.project': projectName(order), [volumeKeyLabel]: key };
  const words = Object.entries({ ...labels, ...compose }).flatMap(([label, value]) => [
    '--label',
    `${label}=${value}`,
  ]);
  await docker.run(['volume', 'create', ...words, '--', name]);
  const format = `{{.Mountpoint}}\n{{index .Labels "playhouse.playground"}}\n{{index .Labels "playhouse.playspec"}}`;
  const { stdout } = await docker.run(['volume', 'inspect', '--format', format, '--', name]);
  const [mountpoint = '', playground, playspec] = stdout.split('\n');
  if (playground !== order.id && (order.persistentId === null || playspec !== order.persistentId))
    return null;
  if (!existsSync(dirname(mountpoint)))
    throw new PlayhouseError('volume-unreachable', { volume: key, path: mountpoint });
  return mountpoint;
}
