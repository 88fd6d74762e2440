import type { ControlPlane } from '../control-plane.ts';
import { crashPoint } from '../crash-point.ts';
import type { StoredPlayground } from '../store/playgrounds.ts';
import type { Database } from '../store/schema.ts';
import { type AcceptedWork, announce, getPlayground, requireStatusAfter } from './accepted.ts';
import { acceptOnPlayground, findUnderWay, makeWay, type PlaygroundWork } from './accept-on-playground.ts';

/**
 * Has a playground stopped: its drives are kept, everything else is given back. Accepted even while the engine is away; it
 * is then carried out when the engine is back. `force` cuts the machines' power, and kills containers. Asking again gives the same operation.
 * @throws PlayhouseError playground-unknown, playground-state
 */
export async function stopPlayground(
  plane: ControlPlane,
  reference: string,
  force: boolean,
): Promise<AcceptedWork> {
  const { playground, operation } = await plane.store.transaction(
    async (transaction) =>
      await acceptStop(plane, transaction, await getPlayground(transaction, reference), force),
  );
  crashPoint('stop-committed');
  return announce(plane, playground, operation);
}

/** The same inside a caller's transaction; who called announces it after the commit. */
export async function acceptStop(
  plane: ControlPlane,
  transaction: Database,
  found: StoredPlayground,
  force: boolean,
): Promise<PlaygroundWork> {
  if (found.status !== 'stopping') {
    const status = requireStatusAfter(found, 'stop', 'stopped');
    await makeWay(plane, transaction, found, 'playground.stop');
    return await acceptOnPlayground(plane, transaction, found, { status }, (operationId) =>
      found.stack === null
        ? { kind: 'playground.stop', operationId, playgroundId: found.id, force }
        : { kind: 'services.stop', operationId, playgroundId: found.id, force },
    );
  }
  // One that is being suspended stops, too.
  const under =
    (await findUnderWay(transaction, found, 'playground.stop')) ??
    (await findUnderWay(transaction, found, 'playground.suspend'));
  if (under !== null) return { playground: found, operation: under };
  throw new Error(`playground ${found.id} is stopping without an operation that stops it`);
}
