import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { copyFolder, packFolder } from '../../layers/folder-archive.ts';
import type { StepVoice } from '../../operations/step.ts';
import type { NewLayers } from '../../snapshots/new-layers.ts';
import type { SnapshotServices } from '../../snapshots/snapshot-record.ts';
import { crashPoint } from '../../system/crash-point.ts';
import type { Docker } from '../docker/docker.ts';
import { recordOf, type ServicesContext } from '../services-context.ts';
import { newestKept } from './newest-kept.ts';
import { volumesOf } from './volumes-of.ts';

/** Where what is in a volume is to be had from. */
export interface VolumeSource {
  /** As the Compose file calls it. */
  readonly name: string;
  /** Folder of the host; null when it is not there, or not yet what it is to be. */
  readonly folder: string | null;
  /** The layer of what was in it when the playground was last stopped, or what it began with; of one that is gone, the newest. */
  readonly layer: string | null;
}

/** All volumes of a playground: those in Docker, and those that are only in its snapshots. */
export async function volumeSources(
  context: ServicesContext,
  docker: Docker,
  voice: Pick<StepVoice, 'log'>,
): Promise<readonly VolumeSource[]> {
  const { snapshotId, filling } = recordOf(context);
  const before = snapshotId === null ? null : context.tools.snapshots.find(snapshotId);
  const layers = new Map((before?.services?.volumes ?? []).map(({ name, layer }) => [name, layer]));
  const kept = newestKept(recordOf(context), context.tools.snapshots);
  const found = (await volumesOf(context, docker.api)).filter(({ key, plain }) => {
    if (!plain) voice.log(`${key}: its data is not on this playroom’s disk, so it is not kept`);
    return plain && !(filling.includes(key) && kept.has(key));
  });
  const here = found.map(({ key: name, mountpoint }): VolumeSource => {
    if (!existsSync(mountpoint))
      throw new PlayhouseError('volume-unreachable', { volume: name, path: mountpoint });
    return { name, folder: mountpoint, layer: layers.get(name) ?? null };
  });
  const gone = [...kept].filter(([name]) => !here.some((each) => each.name === name));
  return [...here, ...gone.map(([name, { layer }]) => ({ name, folder: null, layer }))];
}

/** An archive goes to the vault; a copy shares blocks with what it is of where the file system can. */
export type VolumeManner = 'archive' | 'copy';

export interface VolumeWork {
  readonly made: NewLayers;
  readonly manner: VolumeManner;
  /** True when nothing was written since it was last kept. */
  readonly atRest: boolean;
}

/** Makes a layer of each. One that is a layer already stays the same, unless its kind does not fit. */
export async function layersOfVolumes(
  { tools: { layers } }: Pick<ServicesContext, 'tools'>,
  sources: readonly VolumeSource[],
  { made, manner, atRest }: VolumeWork,
  { signal, detail }: Pick<StepVoice, 'signal' | 'detail'>,
): Promise<SnapshotServices['volumes']> {
  const volumes: SnapshotServices['volumes'] = [];
  for (const { name, folder, layer } of sources) {
    detail(name);
    const isCopy = layer !== null && layers.find(layer)?.kind === 'folder';
    if (layer !== null && (folder === null || atRest) && !(isCopy && manner === 'archive')) {
      const shared = folder === null || manner === 'archive' ? null : await shareBlocks(folder, made, signal);
      volumes.push({ name, layer: shared ?? layer });
      continue;
    }
    const from = folder ?? layers.path(layer ?? '', 'folder');
    const id =
      manner === 'archive'
        ? await made.make('volume', async (path) => await packFolder(from, path, { signal }))
        : await made.make(
            'folder',
            async (path) => await copyFolder(from, path, { signal, reflink: 'auto' }),
          );
    volumes.push({ name, layer: id });
    crashPoint('volumes/copied');
  }
  return volumes;
}

/**
 * The same sources with copies in place of folders, that cost nothing: what is copied so can be read while containers write on. Null
 * where the file system has no such thing.
 */
export async function copiesOf(
  sources: readonly VolumeSource[],
  made: NewLayers,
  signal: AbortSignal,
): Promise<readonly VolumeSource[] | null> {
  const copies: VolumeSource[] = [];
  for (const [index, source] of sources.entries()) {
    const copy = made.aside(`copy-${index}`);
    if (source.folder === null) copies.push(source);
    else if (await sharesBlocks(source.folder, copy, signal)) copies.push({ ...source, folder: copy });
    else return null;
  }
  return copies;
}

/** A layer that costs nothing; null where the file system has no such thing. */
async function shareBlocks(folder: string, made: NewLayers, signal: AbortSignal): Promise<string | null> {
  const path = made.aside('shared');
  if (!(await sharesBlocks(folder, path, signal))) return null;
  return await made.make('folder', async (layer) => await rename(path, layer));
}

async function sharesBlocks(folder: string, copy: string, signal: AbortSignal): Promise<boolean> {
  try {
    await copyFolder(folder, copy, { signal, reflink: 'always' });
    return true;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof PlayhouseError && error.code === 'command-failed') return false;
    throw error;
  }
}
