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
import { expiryAfter } from './lifetime-rules.ts';
import { acceptOnPlayground } from './accept-on-playground.ts';

/**
 * Boots a stopped playground from the drives it left. While it was stopped it held nothing, so the playroom must have room
 * for it anew.
 * @throws PlayhouseError engine-down, playground-unknown, playground-state, memory-budget, playground-limit
 */
export async function restartPlayground(plane: ControlPlane, reference: string): Promise<AcceptedWork> {
  const { id } = await getPlayground(plane.store.database, reference);
  requireEngine(plane);
  const { playground, operation } = await plane.store.transaction(async (transaction) => {
    const found = await getPlayground(transaction, id);
    const status = requireStatusAfter(found, 'restart', 'restarted');
    const { playgroundLimit } = plane;
    await checkCapacity(transaction, { ramBytes: found.ramBytes, playgroundId: id, playgroundLimit });
    const expiresAt = expiryAfter(found.lifetimeSeconds, plane.now());
    const change = { status, expiresAt };
    return await acceptOnPlayground(plane, transaction, found, change, (operationId, restarted) => ({
      kind: 'playground.restart',
      operationId,
      playground: orderOf(restarted),
    }));
  });
  crashPoint('restart-committed');
  return announce(plane, playground, operation);
}
