import type { ControlPlane } from '../control-plane.ts';
import { acceptDestroy } from '../operations/destroy-playground.ts';
import type { PlaygroundWork } from '../operations/accept-on-playground.ts';
import { runs } from '../operations/cut-playground.ts';
import { acceptStop } from '../operations/stop-playground.ts';
import { acceptSuspend } from '../operations/suspend-playground.ts';
import { findOperation } from '../store/operations.ts';
import type { StoredPlayground } from '../store/playgrounds.ts';
import type { Database } from '../store/schema.ts';
import { goesAtEnd } from './is-due.ts';

/** Begins what was chosen for the end of a lifetime, in the caller’s transaction. What cannot be suspended is stopped. */
export async function expire(
  plane: ControlPlane,
  transaction: Database,
  found: StoredPlayground,
): Promise<PlaygroundWork> {
  if (goesAtEnd(found)) return await acceptDestroy(plane, transaction, found, { keepWork: true });
  if (
    found.onExpiry === 'suspend' &&
    found.stack === null &&
    runs(found) &&
    !(await failedToSuspend(transaction, found))
  )
    return await acceptSuspend(plane, transaction, found);
  return await acceptStop(plane, transaction, found, false);
}

/** A suspend that failed leaves the playground running; trying it again would do so for ever. */
async function failedToSuspend(database: Database, { operationId }: StoredPlayground): Promise<boolean> {
  const latest = await findOperation(database, operationId);
  return latest?.kind === 'playground.suspend' && latest.status === 'failed';
}
