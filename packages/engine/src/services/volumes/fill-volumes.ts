import { readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { copyFolder, unpackFolder } from '../../layers/folder-archive.ts';
import type { Step, StepVoice } from '../../operations/step.ts';
import { crashPoint } from '../../system/crash-point.ts';
import { isMissing, syncDirectory } from '../../system/durable-file.ts';
import { removeDeepTree } from '../../system/remove-deep-tree.ts';
import { runOrFail } from '../../system/run.ts';
import { composeFileOf, playgroundLabel, recordOf, type ServicesContext } from '../services-context.ts';
import { createVolume, declaredVolumes } from './create-volume.ts';
import { newestKept } from './newest-kept.ts';
import { volumesOf } from './volumes-of.ts';
import { withoutKept } from './without-kept.ts';

const syncTimeoutMs = 3_600_000;

/**
 * Gives volumes what was last kept of them: those that are not there, and those that are to have it whatever they have. Volumes that
 * are there are newer than any snapshot, and stay as they are. Nothing is made before all of it can be had.
 * @throws PlayhouseError snapshot-incomplete, volume-unreachable, or what the vault throws
 */
export const fillVolumes: Step<ServicesContext> = {
  label: 'Filling volumes',
  run: async (context, voice) => {
    const { tools, id } = context;
    // A rollout that came to its end before an engine died.
    if (context.rollout && tools.records.find(id)?.next === null) return;
    const { order, snapshotId, filling } = recordOf(context);
    const kept = newestKept(recordOf(context), tools.snapshots);
    const docker = await tools.docker(voice);
    const declared = declaredVolumes(await readFile(composeFileOf(context), 'utf8'));
    const there = new Set((await volumesOf(context, docker.api)).map(({ key }) => key));
    const missing = declared.flatMap((volume) => {
      const { key, labels } = volume;
      const found = kept.get(key);
      if (there.has(key) && !filling.includes(key)) return [];
      if (found !== undefined) return [{ ...volume, ...found, wasThere: there.has(key) }];
      if (!there.has(key) && labels[playgroundLabel] === id) withoutKept(context, key, voice);
      return [];
    });
    if (kept.size === 0 && filling.length > 0)
      throw new PlayhouseError('snapshot-incomplete', {
        snapshot: snapshotId ?? '',
        detail: `it is gone, and ${filling.join(', ')} should have what was in it`,
      });
    if (missing.length === 0) {
      if (filling.length > 0) await tools.records.change(id, { filling: [] });
      return voice.detail('all are there');
    }
    // Before the first is made: one that is there and empty would be taken for one that was emptied.
    await tools.records.change(id, { filling: missing.map(({ key }) => key) });
    crashPoint('volumes/filling');
    const layers = missing.map(({ layer }) => layer);
    await tools.layers.hold(layers, async () => {
      for (const { key: name, layer, snapshot } of missing) {
        const made = { machines: [], services: { volumes: [{ name, layer }], checkouts: null } };
        await tools.vaultKeeper.ensureLocal(snapshot.id, made, voice);
      }
      for (const volume of missing) {
        const { key, layer, snapshot } = volume;
        voice.detail(key);
        const folder = await createVolume(docker, order, volume);
        if (folder === null) {
          voice.log(`${key}: ${volume.name} belongs to somebody else, and is left as it is`);
          continue;
        }
        await replaceContent(context, folder, layer, voice);
        const gone = context.rollout && !volume.wasThere ? 'it was gone, and is ' : '';
        voice.log(`${key}: ${gone}as it was in snapshot ${snapshot.id} of ${snapshot.createdAt}`);
        crashPoint('volumes/filled');
      }
    });
    await tools.records.change(id, { filling: [] });
  },
};

/** Makes a folder what a layer holds: in one step, so that no container ever sees a part of it. */
async function replaceContent(
  { tools: { layers } }: ServicesContext,
  folder: string,
  layer: string,
  { signal }: Pick<StepVoice, 'signal'>,
): Promise<void> {
  const [fresh, former] = [`${folder}.filling`, `${folder}.former`];
  const { kind } = layers.get(layer);
  const path = layers.path(layer, kind);
  if (kind === 'folder') await copyFolder(path, fresh, { signal, reflink: 'auto' });
  else await unpackFolder(path, fresh, { signal });
  await runOrFail(['sync', '--file-system', fresh], { timeoutMs: syncTimeoutMs });
  await removeDeepTree(former);
  await rename(folder, former).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
  });
  await rename(fresh, folder);
  await syncDirectory(dirname(folder));
  await removeDeepTree(former);
}
