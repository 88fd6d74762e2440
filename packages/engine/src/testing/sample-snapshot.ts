import type { SnapshotRecord } from '../snapshots/snapshot-record.ts';
import { samplePlayground } from './sample-playground.ts';

/** A snapshot of the drives of `samplePlayground`. */
export function sampleSnapshot(id: string, more: Partial<SnapshotRecord> = {}): SnapshotRecord {
  const { order, machines } = samplePlayground();
  return {
    ...{
      id,
      order,
      origin: 'stop',
      parentId: null,
      savedAs: null,
      startupId: order.id,
      tasks: {},
      inputs: {},
    },
    createdAt: '2026-01-01T00:00:00Z',
    offloadedAt: null,
    verifiedAt: null,
    verifyFailure: null,
    services: null,
    machines: machines.map(({ name, hostKey, machineId, drives }) => ({
      ...{ name, hostKey, machineId, memory: null },
      drives: drives.map(({ layer, sizeBytes, layers }) => ({ layer, sizeBytes, layers })),
    })),
    ...more,
  };
}
