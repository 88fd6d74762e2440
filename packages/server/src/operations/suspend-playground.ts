import { wrongState } from '@playhouse/contract/errors/wrong-state';
import type { ControlPlane } from '../control-plane.ts';
import { crashPoint } from '../crash-point.ts';
import type { StoredPlayground } from '../store/playgrounds.ts';
import type { Database } from '../store/schema.ts';
import {
  type AcceptedWork,
  announce,
  getPlayground,
  requireMachines,
  requireStatusAfter,
} from './accepted.ts';
import { acceptOnPlayground, findUnderWay, makeWay, type PlaygroundWork } from './accept-on-playground.ts';
import { runs } from './cut-playground.ts';

/**
 * Has a running playground stopped with its memory kept. Accepted even while the engine is away, as a stop is. Asking again
 * gives the same operation.
 * @throws PlayhouseError playground-unknown, playground-state
 */
export async function suspendPlayground(plane: ControlPlane, reference: string): Promise<AcceptedWork> {
  const { playground, operation } = await plane.store.transaction(
    async (transaction) =>
      await acceptSuspend(plane, transaction, await getPlayground(transaction, reference)),
  );
  crashPoint('suspend-committed');
  return announce(plane, playground, operation);
}

/** The same inside a caller's transaction; who called announces it after the commit. */
export async function acceptSuspend(
  plane: ControlPlane,
  transaction: Database,
  found: StoredPlayground,
): Promise<PlaygroundWork> {
  requireMachines(found, 'suspended');
  const under = await findUnderWay(transaction, found, 'playground.suspend');
  if (under !== null && found.status === 'stopping') return { playground: found, operation: under };
  // What does not run has no memory worth keeping; what is already being stopped gives it up.
  if (!runs(found)) {
    const { name, status } = found;
    throw wrongState({ name, status }, 'suspended');
  }
  const status = requireStatusAfter(found, 'stop', 'suspended');
  await makeWay(plane, transaction, found, 'playground.suspend');
  return await acceptOnPlayground(plane, transaction, found, { status }, (operationId) => ({
    kind: 'playground.suspend',
    operationId,
    playgroundId: found.id,
  }));
}
