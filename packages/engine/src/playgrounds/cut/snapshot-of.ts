import type { SnapshotOrigin } from '@playhouse/contract/snapshot';
import type { SnapshotMemory, SnapshotRecord } from '../../snapshots/snapshot-record.ts';
import type { PlaygroundRecord } from '../playground-record.ts';
import { chainAt } from './plan-cut.ts';

export interface SnapshotFacts {
  readonly id: string;
  readonly origin: SnapshotOrigin;
  readonly savedAs: string | null;
}

/** The snapshot that a cut makes of a playground; with the memory of those machines that had any. */
export function snapshotOf(
  record: PlaygroundRecord,
  { id, origin, savedAs }: SnapshotFacts,
  memory: ReadonlyMap<string, SnapshotMemory>,
): SnapshotRecord {
  const { order, snapshotId, startupId, tasks, inputs, cut } = record;
  return {
    ...{ id, origin, savedAs, order, tasks, inputs },
    parentId: snapshotId === id ? null : snapshotId,
    createdAt: new Date().toISOString(),
    offloadedAt: null,
    verifiedAt: null,
    verifyFailure: null,
    startupId: startupId ?? order.id,
    services: null,
    machines: record.machines.map(({ name, hostKey, machineId, drives }) => ({
      ...{ name, hostKey, machineId },
      drives: drives.map((drive, index) => chainAt(drive, cut?.machines[name]?.drives[index] ?? null)),
      memory: memory.get(name) ?? null,
    })),
  };
}
