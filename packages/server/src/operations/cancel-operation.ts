import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { type Operation, hasEnded, isCancellable } from '@playhouse/contract/operation';
import type { ControlPlane } from '../control-plane.ts';
import { crashPoint } from '../crash-point.ts';
import { addCommand } from '../store/commands.ts';
import { findOperation, type StoredOperation, withoutRevision } from '../store/operations.ts';
import type { Database } from '../store/schema.ts';

/**
 * Asks the engine to cancel what can be undone. The operation is cancelled when the engine reports so; it may still succeed
 * if it was nearly done.
 * @throws PlayhouseError operation-unknown, operation-not-cancellable
 */
export async function cancelOperation(plane: ControlPlane, id: string): Promise<Operation> {
  const operation = await plane.store.transaction(async (transaction) => {
    const found = await getOperation(transaction, id);
    if (hasEnded(found.status) || !isCancellable(found.kind)) {
      throw new PlayhouseError('operation-not-cancellable', { id, status: describe(found) });
    }
    await addCommand(transaction, { kind: 'operation.cancel', operationId: id }, plane.now().toISOString());
    return withoutRevision(found);
  });
  crashPoint('cancel-committed');
  plane.engine.nudge();
  return operation;
}

/** @throws PlayhouseError operation-unknown */
export async function getOperation(database: Database, id: string): Promise<StoredOperation> {
  const operation = await findOperation(database, id);
  if (operation === null) throw new PlayhouseError('operation-unknown', { id });
  return operation;
}

function describe(operation: Operation): string {
  return hasEnded(operation.status) ? operation.status : `a ${operation.kind}`;
}
