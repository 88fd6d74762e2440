import type { Operation } from '@playhouse/contract/operation';
import type { ControlPlane } from '../control-plane.ts';
import { crashPoint } from '../crash-point.ts';
import { activeOperations, withoutRevision } from '../store/operations.ts';
import type { Database } from '../store/schema.ts';
import { acceptOperation } from './accept-operation.ts';

type SourceCommand = 'source.bake' | 'source.pull' | 'source.remove';

/**
 * Accepts an operation on a source, unless one of the same kind is under way: then it gives that one. `check` may refuse by
 * throwing, in the same transaction, and gives the name that the source is known by.
 */
export async function changeSource(
  plane: ControlPlane,
  kind: SourceCommand,
  name: string,
  check: (database: Database) => Promise<string> = async () => await Promise.resolve(name),
): Promise<Operation> {
  const at = plane.now().toISOString();
  const operation = await plane.store.transaction(async (transaction) => {
    const source = await check(transaction);
    const subject = { kind: 'source', id: source, name: source } as const;
    const active = await activeOperations(transaction, subject);
    const under = active.find((each) => each.kind === kind);
    if (under !== undefined) return withoutRevision(under);
    const id = plane.newIdentifier();
    return await acceptOperation(transaction, {
      id,
      subject,
      command: { kind, operationId: id, source },
      at,
    });
  });
  crashPoint('source-committed');
  plane.feed.publish({ kind: 'operation', operation });
  plane.engine.nudge();
  return operation;
}
