import type { Operation } from '@playhouse/contract/operation';
import type { Principal } from '../auth/principal.ts';
import type { ControlPlane } from '../control-plane.ts';
import { findSnapshot } from '../snapshots/find-snapshot.ts';
import type { Database } from '../store/schema.ts';
import { acceptOperation } from './accept-operation.ts';
import { requireEngine } from './accepted.ts';

/**
 * Has the engine restore a snapshot from the vault and boot the copy, to see that it can be; null for one drawn by chance.
 * @throws PlayhouseError engine-down, snapshot-unknown
 */
export async function drillVault(
  plane: ControlPlane,
  snapshotId: string | null,
  caller: Principal,
): Promise<Operation> {
  requireEngine(plane);
  if (snapshotId !== null) await findSnapshot(plane, caller, snapshotId);
  const operation = await plane.store.transaction(
    async (transaction) => await acceptDrill(plane, transaction, snapshotId),
  );
  plane.feed.publish({ kind: 'operation', operation });
  plane.engine.nudge();
  return operation;
}

/** The same inside a caller’s transaction. */
export async function acceptDrill(
  plane: ControlPlane,
  transaction: Database,
  snapshotId: string | null,
): Promise<Operation> {
  const id = plane.newIdentifier();
  return await acceptOperation(transaction, {
    id,
    subject: { kind: 'vault', id: 'vault', name: snapshotId === null ? 'vault' : `vault/${snapshotId}` },
    command: { kind: 'vault.drill', operationId: id, snapshotId },
    at: plane.now().toISOString(),
  });
}
