import type { SnapshotRecord } from '../../snapshots/snapshot-record.ts';
import type { SnapshotStore } from '../../snapshots/snapshot-store.ts';
import type { ServicesRecord } from '../services-record.ts';

/** What was last kept of a volume. */
export interface KeptVolume {
  readonly layer: string;
  readonly snapshot: SnapshotRecord;
}

/**
 * What was last kept of each volume of a playground, by its name in the file: by the snapshot that the playground is at, or one that
 * was cut of it since. What it went back from counts no more: whoever rewinds does not want that again.
 */
export function newestKept(
  { order, snapshotId, rewoundAt }: Pick<ServicesRecord, 'order' | 'snapshotId' | 'rewoundAt'>,
  snapshots: Pick<SnapshotStore, 'find' | 'of'>,
): ReadonlyMap<string, KeptVolume> {
  const at = snapshotId === null ? null : snapshots.find(snapshotId);
  const since = snapshots
    .of(order.id)
    .filter(({ createdAt }) => createdAt > (rewoundAt ?? '') && createdAt > (at?.createdAt ?? ''));
  const kept = new Map<string, KeptVolume>();
  for (const snapshot of at === null ? since : [at, ...since])
    for (const { name, layer } of snapshot.services?.volumes ?? []) kept.set(name, { layer, snapshot });
  return kept;
}
