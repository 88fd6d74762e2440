import type { Operation } from '@playhouse/contract/operation';
import type { Principal } from '../auth/principal.ts';
import type { ControlPlane } from '../control-plane.ts';
import { findSnapshot } from '../snapshots/find-snapshot.ts';
import { acceptOperation } from './accept-operation.ts';
import { requireEngine } from './accepted.ts';

/**
 * Has the engine read what the vault has — of one snapshot or of all, all of it or a sample — and compare it with its
 * digests.
 * @throws PlayhouseError engine-down, snapshot-unknown
 */
export async function verifyVault(
  plane: ControlPlane,
  { snapshotId, sample }: { readonly snapshotId: string | null; readonly sample: boolean },
  caller: Principal,
): Promise<Operation> {
  requireEngine(plane);
  const of = snapshotId === null ? null : await findSnapshot(plane, caller, snapshotId);
  const id = plane.newIdentifier();
  const name = of === null ? 'vault' : `vault/${of.id}`;
  const operation = await plane.store.transaction(
    async (transaction) =>
      await acceptOperation(transaction, {
        id,
        subject: { kind: 'vault', id: 'vault', name },
        command: { kind: 'vault.verify', operationId: id, snapshotId, sample },
        at: plane.now().toISOString(),
      }),
  );
  plane.feed.publish({ kind: 'operation', operation });
  plane.engine.nudge();
  return operation;
}
