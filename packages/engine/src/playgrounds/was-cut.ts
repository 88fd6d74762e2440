import type { PlaygroundRecord } from './playground-record.ts';

/** True of a playground that was cut, or began as a copy. One that was cut to be compared has left no snapshot, but lies on the cut. */
export function wasCut(record: PlaygroundRecord | undefined): boolean {
  if (record === undefined) return false;
  const { machines, snapshotId } = record;
  return snapshotId !== null || machines.some(({ drives }) => drives.some(({ layers }) => layers.length > 0));
}
