import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Operation } from '@playhouse/contract/operation';
import type { Principal } from '../auth/principal.ts';
import type { ControlPlane } from '../control-plane.ts';
import { findSnapshot } from '../snapshots/find-snapshot.ts';
import { listPlaygrounds, type StoredPlayground } from '../store/playgrounds.ts';
import { usersOfSnapshot } from '../store/playspec-snapshots.ts';
import type { Database } from '../store/schema.ts';
import { acceptOperation } from './accept-operation.ts';

/**
 * Has the engine remove a snapshot that nothing would be started from.
 * @throws PlayhouseError engine-down, snapshot-unknown, snapshot-in-use
 */
export async function removeSnapshot(
  plane: ControlPlane,
  snapshotId: string,
  caller: Principal,
): Promise<Operation> {
  const snapshot = await findSnapshot(plane, caller, snapshotId);
  const operation = await plane.store.transaction(async (transaction) => {
    const playgrounds = await listPlaygrounds(transaction, { all: false });
    const users = [
      ...playgrounds.filter((each) => needs(each, snapshotId)).map(({ name }) => name),
      ...(await usersOfSnapshot(transaction, snapshotId)),
    ];
    if (users.length > 0) {
      throw new PlayhouseError('snapshot-in-use', { snapshot: snapshotId, users: users.join(', ') });
    }
    return await acceptRemoval(plane, transaction, snapshotId, snapshot.playgroundName);
  });
  plane.feed.publish({ kind: 'operation', operation });
  plane.engine.nudge();
  return operation;
}

/** The same inside a caller’s transaction, without asking whether it is needed. Its subject names whose it was. */
export async function acceptRemoval(
  plane: ControlPlane,
  transaction: Database,
  snapshotId: string,
  playgroundName: string,
): Promise<Operation> {
  const id = plane.newIdentifier();
  const subject = { kind: 'snapshot', id: snapshotId, name: `${playgroundName}/${snapshotId}` } as const;
  const command = { kind: 'snapshot.remove', operationId: id, snapshotId } as const;
  return await acceptOperation(transaction, { id, subject, command, at: plane.now().toISOString() });
}

/** What it began with matters until it has begun; afterwards the one that it would be started from next. */
function needs({ from, snapshotId, status }: StoredPlayground, id: string): boolean {
  if (status === 'destroying') return false;
  const begins = status === 'pending' || status === 'in_progress' || status === 'error';
  return snapshotId === id || (begins && from?.snapshotId === id);
}
