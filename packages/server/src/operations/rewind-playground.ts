import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { may } from '../auth/may.ts';
import type { Principal } from '../auth/principal.ts';
import type { ControlPlane } from '../control-plane.ts';
import { checkCapacity } from '../placement/check-capacity.ts';
import { findSnapshot } from '../snapshots/find-snapshot.ts';
import { lineOf } from '../snapshots/line-of.ts';
import {
  type AcceptedWork,
  announce,
  continuedOrderOf,
  getPlayground,
  requireEngine,
  requireStatusAfter,
  servicesOrderOf,
} from './accepted.ts';
import { acceptOnPlayground, makeWay } from './accept-on-playground.ts';
import { requireNoRollout } from './fork-services.ts';
import { requireNoJob } from './job-mode.ts';
import { expiryAfter } from './lifetime-rules.ts';

export interface RewindRequest {
  readonly snapshotId: string;
  /** Boot from the drives even when the snapshot has memory. */
  readonly cold: boolean;
}

/**
 * Takes a playground back to a snapshot of it or of what it was forked from, as far as the caller may see that. What it is
 * now is kept as a snapshot with the id of the operation.
 * @throws PlayhouseError engine-down, playground-unknown, playground-state, snapshot-unknown, snapshot-foreign,
 * job-fixed, rollout-under-way, memory-budget, playground-limit
 */
export async function rewindPlayground(
  plane: ControlPlane,
  reference: string,
  { snapshotId, cold }: RewindRequest,
  caller: Principal,
): Promise<AcceptedWork> {
  const { id } = await getPlayground(plane.store.database, reference);
  requireEngine(plane);
  const snapshot = await findSnapshot(plane, caller, snapshotId);
  const { playground, operation } = await plane.store.transaction(async (transaction) => {
    const found = await getPlayground(transaction, id);
    await requireNoRollout(transaction, found);
    requireNoJob(found, 'taken back');
    const line = await lineOf(transaction, found);
    const owners = line.filter(({ owner }) => may(caller, 'manage', { kind: 'playground', owner }));
    if (!owners.some((each) => each.id === snapshot.playgroundId)) {
      const { playgroundName: owner } = snapshot;
      throw new PlayhouseError('snapshot-foreign', { snapshot: snapshotId, owner, playground: found.name });
    }
    const status = requireStatusAfter(found, 'rewind', 'taken back');
    const { playgroundLimit } = plane;
    await checkCapacity(transaction, { ramBytes: found.ramBytes, playgroundId: id, playgroundLimit });
    await makeWay(plane, transaction, found, 'playground.rewind');
    const expiresAt =
      found.status === 'stopped' ? expiryAfter(found.lifetimeSeconds, plane.now()) : found.expiresAt;
    return await acceptOnPlayground(plane, transaction, found, { status, expiresAt }, (operationId, again) =>
      again.stack === null
        ? {
            ...{ kind: 'playground.rewind', operationId, snapshotId, cold },
            playground: continuedOrderOf(again),
          }
        : {
            ...{ kind: 'services.rewind', operationId, snapshotId },
            playground: servicesOrderOf(again),
          },
    );
  });
  return announce(plane, playground, operation);
}
