import { setTimeout } from 'node:timers/promises';
import type { StepVoice } from '../operations/step.ts';
import type { SnapshotRecord } from './snapshot-record.ts';
import type { SnapshotTools } from './snapshot-tools.ts';

const pauseMs = 10;

/** The snapshot, once nobody works on it any more. @throws PlayhouseError snapshot-unknown, and what its cut failed with */
export async function untilMade(
  { underWay, snapshots }: Pick<SnapshotTools, 'underWay' | 'snapshots'>,
  snapshotId: string,
  { signal, detail }: Pick<StepVoice, 'signal' | 'detail'>,
): Promise<SnapshotRecord> {
  while (underWay(snapshotId)) {
    detail('waiting for the cut');
    await setTimeout(pauseMs, undefined, { signal });
  }
  return snapshots.get(snapshotId);
}
