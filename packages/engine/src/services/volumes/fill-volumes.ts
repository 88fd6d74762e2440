import { readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { copyFolder, unpackFolder } from '../../layers/folder-archive.ts';
import type { Step, StepVoice } from '../../operations/step.ts';
import { crashPoint } from '../../system/crash-point.ts';
import { isMissing, syncDirectory } from '../../system/durable-file.ts';
import { removeDeepTree } from '../../system/remove-deep-tree.ts';
import { runOrFail } from '../../system/run.ts';
import { composeFileOf, recordOf, type ServicesContext } from '../services-context.ts';
import { createVolume, declaredVolumes } from './create-volume.ts';
import { volumesOf } from './volumes-of.ts';

const syncTimeoutMs = 3_600_000;

/**
 * Gives volumes what is in the snapshot that the playground is at: those that are not there, and those that are to have it whatever
 * they have. Volumes that are there are newer than any snapshot, and stay as they are.
 */
export const fillVolumes: Step<ServicesContext> = {
  label: 'Filling volumes',
  run: async (context, voice) => {
    const { tools, id } = context;
    const { order, snapshotId, filling } = recordOf(context);
    const snapshot = snapshotId === null ? null : tools.snapshots.find(snapshotId);
    const docker = await tools.docker(voice);
    const declared = declaredVolumes(await readFile(composeFileOf(context), 'utf8'));
    const there = new Set((await volumesOf(context, docker.api)).map(({ key }) => key));
    const missing = (snapshot?.services?.volumes ?? []).flatMap(({ name, layer }) => {
      const volume = declared.find(({ key }) => key === name);
      return volume !== undefined && (!there.has(name) || filling.includes(name))
        ? [{ ...volume, layer }]
        : [];
    });
    if (snapshot === null && filling.length > 0)
      throw new PlayhouseError('snapshot-incomplete', {
        snapshot: snapshotId ?? '',
        detail: `it is gone, and ${filling.join(', ')} should have what was in it`,
      });
    if (snapshot === null || missing.length === 0) {
      if (filling.length > 0) await tools.records.change(id, { filling: [] });
      return voice.detail('all are there');
    }
    // Before the first is made: one that is there and empty would be taken for one that was emptied.
    await tools.records.change(id, { filling: missing.map(({ key }) => key) });
    crashPoint('volumes/filling');
    const layers = missing.map(({ layer }) => layer);
    await tools.layers.hold(layers, async () => {
      const volumes = missing.map(({ key, layer }) => ({ name: key, layer }));
      const made = { machines: [], services: { volumes, checkouts: null } };
      await tools.vaultKeeper.ensureLocal(snapshot.id, made, voice);
      for (const volume of missing) {
        voice.detail(volume.key);
        const folder = await createVolume(docker, order, volume);
        if (folder === null) {
          voice.log(`${volume.key}: ${volume.name} belongs to somebody else, and is left as it is`);
          continue;
        }
        await replaceContent(context, folder, volume.layer, voice);
        voice.log(`${volume.key}: as it was in snapshot ${snapshot.id}`);
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
