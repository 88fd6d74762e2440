import type { ControlPlane } from '../control-plane.ts';
import { crashPoint } from '../crash-point.ts';
import type { StoredPlayground } from '../store/playgrounds.ts';
import type { Database } from '../store/schema.ts';
import { type AcceptedWork, announce, getPlayground, requireStatusAfter } from './accepted.ts';
import { acceptOnPlayground, makeWay, type PlaygroundWork } from './accept-on-playground.ts';

/**
 * Has a playground destroyed. Accepted even while the engine is away; it is then carried out when the engine is back. What
 * goes on for the playground is cancelled first. Asking again while it is being destroyed gives the same operation.
 * @throws PlayhouseError playground-unknown, playground-state
 */
export async function destroyPlayground(plane: ControlPlane, reference: string): Promise<AcceptedWork> {
  const { playground, operation } = await plane.store.transaction(
    async (transaction) =>
      await acceptDestroy(plane, transaction, await getPlayground(transaction, reference)),
  );
  crashPoint('destroy-committed');
  return announce(plane, playground, operation);
}

/** The same inside a caller's transaction; who called announces it after the commit. */
export async function acceptDestroy(
  plane: ControlPlane,
  transaction: Database,
  found: StoredPlayground,
): Promise<PlaygroundWork> {
  const under = await makeWay(plane, transaction, found, 'playground.destroy');
  if (under !== null) return { playground: found, operation: under };
  const status = requireStatusAfter(found, 'destroy', 'destroyed');
  const change = { status };
  return await acceptOnPlayground(plane, transaction, found, change, (operationId) => ({
    kind: found.stack === null ? 'playground.destroy' : 'services.destroy',
    operationId,
    playgroundId: found.id,
  }));
}
