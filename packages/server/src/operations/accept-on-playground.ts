import type { Operation, OperationKind } from '@playhouse/contract/operation';
import type { PlaygroundStatus } from '@playhouse/contract/playground-status';
import type { ControlPlane } from '../control-plane.ts';
import { addCommand } from '../store/commands.ts';
import { activeOnPlayground, withoutRevision } from '../store/operations.ts';
import { savePlayground, type StoredPlayground } from '../store/playgrounds.ts';
import type { Database } from '../store/schema.ts';
import { acceptOperation, type OperationCommand } from './accept-operation.ts';
import { subjectOf } from './accepted.ts';

export interface PlaygroundWork {
  readonly playground: StoredPlayground;
  readonly operation: Operation;
}

/** What is written of a playground when work on it begins. */
export interface PlaygroundChange extends Partial<StoredPlayground> {
  readonly status: PlaygroundStatus;
}

/**
 * Writes a playground's new status together with the operation that brings it about, in the caller's transaction. From then
 * on this operation decides about the playground.
 */
export async function acceptOnPlayground(
  plane: ControlPlane,
  transaction: Database,
  found: StoredPlayground,
  change: PlaygroundChange,
  commandOf: (operationId: string, playground: StoredPlayground) => OperationCommand,
): Promise<PlaygroundWork> {
  const at = plane.now().toISOString();
  const operationId = plane.newIdentifier();
  const playground = { ...found, error: null, ...change, operationId, updatedAt: at };
  await savePlayground(transaction, playground);
  const command = commandOf(operationId, playground);
  const subject = subjectOf(playground);
  return {
    playground,
    operation: await acceptOperation(transaction, { id: operationId, subject, command, at }),
  };
}

/**
 * Makes way for `kind`: cancels everything else that goes on for the playground and its machines. Gives the operation of
 * this kind that is under way already, for who asks twice. A cut is cancelled by a destroy only: it is short, and others
 * may wait for it.
 */
export async function makeWay(
  plane: ControlPlane,
  transaction: Database,
  { id, operationId: latest }: StoredPlayground,
  kind: 'playground.stop' | 'playground.suspend' | 'playground.rewind' | 'playground.destroy',
): Promise<Operation | null> {
  const active = await activeOnPlayground(transaction, id);
  const same = active.filter((operation) => operation.kind === kind);
  const under = same.find((operation) => operation.id === latest) ?? same[0];
  if (under !== undefined) return withoutRevision(under);
  for (const { id: operationId, kind: other } of active) {
    if (other === 'playground.snapshot' && kind !== 'playground.destroy') continue;
    await addCommand(transaction, { kind: 'operation.cancel', operationId }, plane.now().toISOString());
  }
  return null;
}

/** The operation of that kind that goes on for a playground. */
export async function findUnderWay(
  database: Database,
  { id }: Pick<StoredPlayground, 'id'>,
  kind: OperationKind,
): Promise<Operation | null> {
  const under = (await activeOnPlayground(database, id)).find((operation) => operation.kind === kind);
  return under === undefined ? null : withoutRevision(under);
}
