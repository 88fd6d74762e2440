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

/**
 * The same inside a caller's transaction; who called announces it after the commit. With `keepWork` services are destroyed only if
 * no checkout has work that only it has. The engine looks, and until it begins the playground is what it was.
 */
export async function acceptDestroy(
  plane: ControlPlane,
  transaction: Database,
  found: StoredPlayground,
  { keepWork }: { readonly keepWork: boolean } = { keepWork: false },
): Promise<PlaygroundWork> {
  const destroying = requireStatusAfter(found, 'destroy', 'destroyed');
  const ofServices = found.stack !== null;
  const mayRefuse = ofServices && keepWork;
  const under = await makeWay(plane, transaction, found, 'playground.destroy');
  // One that may be refused yet is not what somebody asks for who gives up the work.
  if (under !== null && (mayRefuse || found.status === 'destroying'))
    return { playground: found, operation: under };
  const change = mayRefuse ? { status: found.status, error: found.error } : { status: destroying };
  return await acceptOnPlayground(plane, transaction, found, change, (operationId) => {
    const command = { operationId, playgroundId: found.id };
    return ofServices
      ? { kind: 'services.destroy', ...command, keepWork }
      : { kind: 'playground.destroy', ...command };
  });
}
