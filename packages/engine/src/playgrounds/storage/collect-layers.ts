import type { OperationQueue } from '../../operations/operation-queue.ts';
import type { PlayroomTools } from '../playroom-tools.ts';
import { layerNeeds } from './layer-needs.ts';
import { outdatedSnapshots } from './outdated-snapshots.ts';

/** Removes snapshots that have had their time, and layers that nothing needs any more. */
export async function collectLayers(
  tools: PlayroomTools,
  queue: Pick<OperationQueue, 'unfinished' | 'readSnapshots'>,
): Promise<void> {
  const { records, services, sources, pulls, kernels, kernelInstaller, layers, snapshots } = tools;
  await kernels.removeStaging(new Set([...queue.unfinished, ...kernelInstaller.working]));
  // A record or a snapshot that cannot be read does not say which layers it needs.
  if ([records, services, snapshots].some(({ sick }) => sick.size > 0)) return;
  const outdated = outdatedSnapshots(
    [...records.all(), ...services.all()],
    snapshots.all(),
    queue.unfinished.union(queue.readSnapshots),
  );
  for (const id of outdated) await snapshots.remove(id);
  const needs = layerNeeds(records.all(), snapshots.all(), services.all());
  const needed = new Set(needs.flatMap((need) => [...need.layers]));
  await tools.vaultKeeper.forget(outdated, await layers.collect(needed));
  await sources.collect(needed, new Set([...queue.unfinished, ...pulls.staging]));
  await pulls.collectBlobs();
}
