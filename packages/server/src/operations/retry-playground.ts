import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { nextStatus } from '@playhouse/contract/playground-status';
import type { ControlPlane } from '../control-plane.ts';
import { crashPoint } from '../crash-point.ts';
import { checkCapacity } from '../placement/check-capacity.ts';
import { savePlayground } from '../store/playgrounds.ts';
import { acceptOperation } from './accept-operation.ts';
import { type AcceptedWork, announce, getPlayground, orderOf, requireEngine, subjectOf } from './accepted.ts';

/**
 * Starts a playground in `error` again, from the manifest it was created with.
 * @throws PlayhouseError engine-down, playground-unknown, playground-state, memory-budget
 */
export async function retryPlayground(plane: ControlPlane, reference: string): Promise<AcceptedWork> {
  const { id } = await getPlayground(plane.store.database, reference);
  requireEngine(plane);
  const at = plane.now().toISOString();
  const operationId = plane.newIdentifier();
  const { playground, operation } = await plane.store.transaction(async (transaction) => {
    const found = await getPlayground(transaction, id);
    const status = nextStatus(found.status, 'retry');
    if (status === null) {
      throw new PlayhouseError('playground-state', {
        playground: found.name,
        status: found.status,
        action: 'retried',
      });
    }
    const { playgroundLimit } = plane;
    await checkCapacity(transaction, { ramBytes: found.ramBytes, playgroundId: id, playgroundLimit });
    const retried = { ...found, status, error: null, operationId, updatedAt: at };
    await savePlayground(transaction, retried);
    const command = { kind: 'playground.start', operationId, playground: orderOf(retried) } as const;
    const subject = subjectOf(retried);
    return {
      playground: retried,
      operation: await acceptOperation(transaction, { id: operationId, subject, command, at }),
    };
  });
  crashPoint('retry-committed');
  return announce(plane, playground, operation);
}
