import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { nextStatus } from '@playhouse/contract/playground-status';
import type { ControlPlane } from '../control-plane.ts';
import { crashPoint } from '../crash-point.ts';
import { addCommand } from '../store/commands.ts';
import { activeOperations, withoutRevision } from '../store/operations.ts';
import { savePlayground } from '../store/playgrounds.ts';
import { acceptOperation } from './accept-operation.ts';
import { type AcceptedWork, announce, getPlayground, subjectOf } from './accepted.ts';

/**
 * Has a playground destroyed. Accepted even while the engine is away; it is then carried out when the engine is back. A
 * start that is under way is cancelled first. Asking again while it is being destroyed gives the same operation.
 * @throws PlayhouseError playground-unknown, playground-state
 */
export async function destroyPlayground(plane: ControlPlane, reference: string): Promise<AcceptedWork> {
  const { id } = await getPlayground(plane.store.database, reference);
  const at = plane.now().toISOString();
  const { playground, operation } = await plane.store.transaction(async (transaction) => {
    const found = await getPlayground(transaction, id);
    const subject = subjectOf(found);
    const active = await activeOperations(transaction, subject);
    const under = active.find(({ kind }) => kind === 'playground.destroy');
    if (under !== undefined) return { playground: found, operation: withoutRevision(under) };
    const status = nextStatus(found.status, 'destroy');
    if (status === null) {
      throw new PlayhouseError('playground-state', {
        playground: found.name,
        status: found.status,
        action: 'destroyed',
      });
    }
    for (const start of active) {
      await addCommand(transaction, { kind: 'operation.cancel', operationId: start.id }, at);
    }
    const operationId = plane.newIdentifier();
    const doomed = { ...found, status, error: null, operationId, updatedAt: at };
    await savePlayground(transaction, doomed);
    const command = { kind: 'playground.destroy', operationId, playgroundId: id } as const;
    return {
      playground: doomed,
      operation: await acceptOperation(transaction, { id: operationId, subject, command, at }),
    };
  });
  crashPoint('destroy-committed');
  return announce(plane, playground, operation);
}
