// Decides on a cut and says what it makes of drives. Pure.
import type { DriveChain } from '../../layers/drive-chain.ts';
import type { DriveRecord, MachineRecord } from '../playground-record.ts';
import { shortened } from '../storage/shorten-chain.ts';
import type { CutPlan, DriveCut } from './cut-plan.ts';

/** Plans a cut; `goesOn` says of a machine’s drive whether the machine will go on writing it. */
export function planCut(
  snapshotId: string,
  machines: readonly MachineRecord[],
  goesOn: (machine: string, drive: number) => boolean,
  newId: () => string,
): CutPlan {
  const cuts = machines.map(({ name, drives }) => [
    name,
    { drives: drives.map((drive, index) => cutOf(drive, goesOn(name, index), newId)), memory: newId() },
  ]);
  return { snapshotId, final: false, machines: Object.fromEntries(cuts) };
}

function cutOf({ overlay, overlays }: DriveRecord, goesOn: boolean, newId: () => string): DriveCut | null {
  return overlay === null ? null : { layer: newId(), next: goesOn ? overlays : null };
}

/** A drive after its overlay became a layer. */
export function afterCut(drive: DriveRecord, { layer, next }: DriveCut): DriveRecord {
  const layers = [...drive.layers, layer];
  // A machine that is off has nothing open.
  if (next === null) return shortened({ ...drive, layers, overlay: null });
  return { ...drive, layers, overlay: next, overlays: Math.max(drive.overlays, next + 1) };
}

/** Ids of the layers that a cut makes: needed as long as it goes on. */
export function layersOfCut(cut: CutPlan | null): readonly string[] {
  return Object.values(cut?.machines ?? {}).flatMap(({ drives, memory }) => [
    ...drives.flatMap((drive) => drive?.layer ?? []),
    memory,
  ]);
}

/** What the drive is made of at the cut. */
export function chainAt(drive: DriveRecord, cut: DriveCut | null): DriveChain {
  const { layer, source, sizeBytes, layers } = shortened(drive);
  const chain = { layer, sizeBytes, layers: [...layers, ...(cut ? [cut.layer] : [])] };
  return source === undefined ? chain : { ...chain, source };
}
