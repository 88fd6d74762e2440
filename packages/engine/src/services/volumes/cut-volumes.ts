import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { copyFolder } from '../../layers/folder-archive.ts';
import type { Step, StepVoice } from '../../operations/step.ts';
import { NewLayers } from '../../snapshots/new-layers.ts';
import type { SnapshotServices } from '../../snapshots/snapshot-record.ts';
import { crashPoint } from '../../system/crash-point.ts';
import { recordOf, type ServicesContext } from '../services-context.ts';
import { type SnapshotFacts, snapshotOfServices } from './snapshot-of-services.ts';
import { checkoutParts } from './take-up-services.ts';
import { copiesOf, layersOfVolumes, type VolumeSource, volumeSources } from './volume-sources.ts';

/** Copies all volumes at one moment; for forks the working copies, too. Containers that run stand still meanwhile, and go on. */
export function cutVolumes(wish: SnapshotFacts): Step<ServicesContext> {
  return {
    label: 'Cutting volumes',
    run: async (context, voice) => {
      const { tools, id, standStill } = context;
      if (tools.snapshots.find(wish.id) === null) await cut(context, wish, voice);
      // The copy was made before an engine died, but containers may not have heard.
      else await standStill.end(id, await tools.docker(voice));
      tools.vaultKeeper.wake();
      context.changed();
    },
    undo: async ({ tools, id, standStill }) => {
      const docker = await tools.dockerIfThere();
      if (docker !== null) await standStill.end(id, docker);
      await tools.snapshots.remove(wish.id);
      await NewLayers.discard(tools.layers, wish.id);
    },
  };
}

async function cut(context: ServicesContext, wish: SnapshotFacts, voice: StepVoice): Promise<void> {
  const { tools, id, standStill } = context;
  const docker = await tools.docker(voice);
  const isFork = wish.origin === 'fork';
  const manner = isFork ? 'copy' : 'archive';
  const made = await NewLayers.begin(tools.layers, wish.id);
  try {
    const atRest = recordOf(context).state === 'stopped';
    const parts: Pick<SnapshotServices, 'volumes' | 'checkouts'> = { volumes: [], checkouts: null };
    let copies: readonly VolumeSource[] | null = null;
    const keep = async (sources: readonly VolumeSource[]) => {
      parts.volumes = await layersOfVolumes(context, sources, { made, manner, atRest }, voice);
    };
    await standStill.during(id, docker, async () => {
      crashPoint('volumes/paused');
      const sources = await volumeSources(context, docker, voice);
      copies = isFork || atRest ? null : await copiesOf(sources, made, voice.signal);
      if (copies === null) await keep(sources);
      if (isFork) parts.checkouts = await copyCheckouts(context, made, voice);
    });
    // Writing archives takes its time; where copies cost nothing, nobody waits for it.
    if (copies !== null) await keep(copies);
    await made.adopt(async () => {
      await tools.snapshots.save(snapshotOfServices(recordOf(context), wish, parts));
    });
  } finally {
    await NewLayers.discard(tools.layers, wish.id);
  }
}

async function copyCheckouts(
  { tools, id }: ServicesContext,
  made: NewLayers,
  { signal, detail }: Pick<StepVoice, 'signal' | 'detail'>,
): Promise<NonNullable<SnapshotServices['checkouts']>> {
  const files = tools.records.files(id);
  const checkouts: NonNullable<SnapshotServices['checkouts']> = [];
  for (const service of Object.keys(recordOf({ tools, id, rollout: false }).parts)) {
    const [folder, history] = [files.checkout(service), files.history(service)];
    if (!existsSync(folder) || !existsSync(history)) continue;
    detail(service);
    const layer = await made.make('folder', async (path) => {
      await mkdir(path, { mode: 0o700 });
      await copyFolder(folder, `${path}/${checkoutParts.folder}`, { signal, reflink: 'auto' });
      await copyFolder(history, `${path}/${checkoutParts.history}`, { signal, reflink: 'auto' });
    });
    checkouts.push({ service, layer });
  }
  return checkouts;
}
