import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { StepVoice } from '../../operations/step.ts';
import { recordOf, type ServicesContext } from '../services-context.ts';

/**
 * Says of a volume that ran and is gone, and that no snapshot has, that it begins empty. In other operations than a heal, one that is
 * not there is one that the file did not have before.
 * @throws PlayhouseError snapshot-incomplete, when what could have it cannot be looked at any more
 */
export function withoutKept(context: ServicesContext, key: string, { log }: Pick<StepVoice, 'log'>): void {
  if (context.healing !== true) return;
  const { snapshotId } = recordOf(context);
  if (snapshotId !== null && context.tools.snapshots.find(snapshotId) === null)
    throw new PlayhouseError('snapshot-incomplete', {
      snapshot: snapshotId,
      detail: `it is gone, and so is the volume ${key}, which no other snapshot has. To go on with an empty one, stop the playground and restart it.`,
    });
  log(`${key}: it is gone, and no snapshot has it: it begins empty`);
}
