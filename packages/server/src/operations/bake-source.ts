import type { Operation } from '@playhouse/contract/operation';
import { unknownSource } from '../catalog/find-unknown-images.ts';
import type { ControlPlane } from '../control-plane.ts';
import { crashPoint } from '../crash-point.ts';
import { findInventory } from '../store/inventory.ts';
import { activeOperations, withoutRevision } from '../store/operations.ts';
import { acceptOperation } from './accept-operation.ts';
import { requireEngine } from './accepted.ts';

/**
 * Has the engine bake a source. Asking again while it is being baked gives the same operation.
 * @throws PlayhouseError engine-down, source-unknown
 */
export async function bakeSource(plane: ControlPlane, source: string): Promise<Operation> {
  requireEngine(plane);
  const at = plane.now().toISOString();
  const operation = await plane.store.transaction(async (transaction) => {
    const names = ((await findInventory(transaction))?.inventory.sources ?? []).map(({ name }) => name);
    if (!names.includes(source)) throw unknownSource(source, names);
    const subject = { kind: 'source', id: source, name: source } as const;
    const [under] = await activeOperations(transaction, subject);
    if (under !== undefined) return withoutRevision(under);
    const id = plane.newIdentifier();
    const command = { kind: 'source.bake', operationId: id, source } as const;
    return acceptOperation(transaction, { id, subject, command, at });
  });
  crashPoint('bake-committed');
  plane.feed.publish({ kind: 'operation', operation });
  plane.engine.nudge();
  return operation;
}
