import type { ControlPlane } from '../control-plane.ts';
import { crashPoint } from '../crash-point.ts';
import { checkCapacity } from '../placement/check-capacity.ts';
import {
  type AcceptedWork,
  announce,
  getPlayground,
  orderOf,
  requireEngine,
  requireStatusAfter,
} from './accepted.ts';
import { acceptOnPlayground } from './accept-on-playground.ts';

/**
 * Starts a playground in `error` again, from the manifest it was created with.
 * @throws PlayhouseError engine-down, playground-unknown, playground-state, memory-budget
 */
export async function retryPlayground(plane: ControlPlane, reference: string): Promise<AcceptedWork> {
  const { id } = await getPlayground(plane.store.database, reference);
  requireEngine(plane);
  const { playground, operation } = await plane.store.transaction(async (transaction) => {
    const found = await getPlayground(transaction, id);
    const status = requireStatusAfter(found, 'retry', 'retried');
    const { playgroundLimit } = plane;
    await checkCapacity(transaction, { ramBytes: found.ramBytes, playgroundId: id, playgroundLimit });
    return await acceptOnPlayground(plane, transaction, found, { status }, (operationId, retried) => ({
      kind: 'playground.start',
      operationId,
      playground: orderOf(retried),
    }));
  });
  crashPoint('retry-committed');
  return announce(plane, playground, operation);
}
