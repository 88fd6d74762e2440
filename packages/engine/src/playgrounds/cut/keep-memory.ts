import type { SnapshotMemory } from '../../snapshots/snapshot-record.ts';
import { removeTree } from '../../system/durable-file.ts';
import { recordOf } from '../start/start-context.ts';
import type { CutMemory } from './cut-machines.ts';
import type { CutContext } from './finish-cut.ts';
import { stagingOf } from './memory-images.ts';

/** Makes layers of the memory images of a cut, as it was planned. */
export async function keepMemory(
  context: Pick<CutContext, 'tools' | 'id'>,
  images: ReadonlyMap<string, CutMemory>,
): Promise<ReadonlyMap<string, SnapshotMemory>> {
  const { layers } = context.tools;
  const { cut } = recordOf(context);
  const kept = new Map<string, SnapshotMemory>();
  for (const [machine, { image, devices, fit }] of images) {
    const layer = cut?.machines[machine]?.memory;
    if (layer === undefined) throw new Error(`no cut was planned of ${machine}`);
    await layers.adopt(image, layer, 'memory');
    kept.set(machine, { layer, devices, fit });
  }
  await removeTree(stagingOf({ layers }, cut?.snapshotId ?? ''));
  return kept;
}
