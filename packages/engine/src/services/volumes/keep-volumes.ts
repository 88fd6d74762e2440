import type { Step } from '../../operations/step.ts';
import { NewLayers } from '../../snapshots/new-layers.ts';
import type { SnapshotServices } from '../../snapshots/snapshot-record.ts';
import { recordOf, type ServicesContext } from '../services-context.ts';
import { snapshotOfServices } from './snapshot-of-services.ts';
import { layersOfVolumes, type VolumeSource, volumeSources } from './volume-sources.ts';

/** Makes a snapshot of the volumes of containers that have ended. The volumes stay: a restart has them at once. */
export function keepVolumes(snapshotId: string): Step<ServicesContext> {
  return {
    label: 'Keeping volumes',
    run: async (context, voice) => {
      const { tools, id } = context;
      if (tools.snapshots.find(snapshotId) === null) {
        const docker = await tools.docker(voice);
        const sources = await volumeSources(context, docker, voice);
        if (sources.length === 0) return voice.detail('there are none');
        const made = await NewLayers.begin(tools.layers, snapshotId);
        try {
          const archives = await layersOfVolumes(
            context,
            sources,
            { made, manner: 'archive', atRest: false },
            voice,
          );
          await made.adopt(async () => {
            const volumes = await withoutTwins(context, archives, sources);
            for (const { name, layer } of volumes)
              voice.log(`${name}: ${layer} ${await digestOf(context, layer)}`);
            const facts = { id: snapshotId, origin: 'stop', savedAs: null } as const;
            await tools.snapshots.save(
              snapshotOfServices(recordOf(context), facts, { volumes, checkouts: null }),
            );
          });
        } finally {
          await NewLayers.discard(tools.layers, snapshotId);
        }
      }
      await tools.records.change(id, { snapshotId });
      tools.vaultKeeper.wake();
      context.changed();
    },
  };
}

/** What has not changed since it was last kept is the same layer. Archives of the same folder are the same, byte for byte. */
async function withoutTwins(
  context: ServicesContext,
  volumes: SnapshotServices['volumes'],
  sources: readonly VolumeSource[],
): Promise<SnapshotServices['volumes']> {
  return await Promise.all(
    volumes.map(async ({ name, layer }) => {
      const former = sources.find((source) => source.name === name)?.layer ?? null;
      const known = former === null ? null : (context.tools.layers.find(former)?.digest ?? null);
      if (former === null || known === null || former === layer) return { name, layer };
      return { name, layer: (await digestOf(context, layer)) === known ? former : layer };
    }),
  );
}

/** One that only the vault has was computed before it got there. */
async function digestOf({ tools: { layers } }: ServicesContext, layer: string): Promise<string> {
  return await layers.seal(layer);
}
