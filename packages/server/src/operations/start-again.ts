import type { ControlPlane } from '../control-plane.ts';
import { crashPoint } from '../crash-point.ts';
import { checkCapacity } from '../placement/check-capacity.ts';
import {
  type AcceptedWork,
  announce,
  getPlayground,
  requireEngine,
  requireStatusAfter,
  restartCommand,
  startCommand,
} from './accepted.ts';
import { acceptOnPlayground } from './accept-on-playground.ts';
import { requireNoJob } from './job-mode.ts';
import { expiryAfter } from './lifetime-rules.ts';

/**
 * Starts a playground in `error` again, from the manifest it was created with.
 * @throws PlayhouseError engine-down, playground-unknown, playground-state, memory-budget
 */
export async function retryPlayground(plane: ControlPlane, reference: string): Promise<AcceptedWork> {
  return await startAgain(plane, reference, 'retry', (operationId, again) =>
    startCommand(again, operationId),
  );
}

/**
 * Boots a stopped playground from the drives it left, or has it go on where it was when its memory was kept and `cold` does
 * not say otherwise. While it was stopped it held nothing, so the playroom must have room
 * for it anew.
 * @throws PlayhouseError engine-down, playground-unknown, playground-state, job-fixed, memory-budget, playground-limit
 */
export async function restartPlayground(
  plane: ControlPlane,
  reference: string,
  cold: boolean,
): Promise<AcceptedWork> {
  return await startAgain(plane, reference, 'restart', (operationId, again) =>
    restartCommand(again, operationId, cold),
  );
}

/** What was stopped has no end of its lifetime: a new one begins. What failed keeps the one it has. */
async function startAgain(
  plane: ControlPlane,
  reference: string,
  event: 'retry' | 'restart',
  commandOf: Parameters<typeof acceptOnPlayground>[4],
): Promise<AcceptedWork> {
  const { id } = await getPlayground(plane.store.database, reference);
  requireEngine(plane);
  const { playground, operation } = await plane.store.transaction(async (transaction) => {
    const found = await getPlayground(transaction, id);
    const status = requireStatusAfter(found, event, event === 'retry' ? 'retried' : 'restarted');
    if (event === 'restart') requireNoJob(found, 'restarted');
    const { playgroundLimit } = plane;
    await checkCapacity(transaction, { ramBytes: found.ramBytes, playgroundId: id, playgroundLimit });
    const expiresAt = event === 'retry' ? found.expiresAt : expiryAfter(found.lifetimeSeconds, plane.now());
    return await acceptOnPlayground(plane, transaction, found, { status, expiresAt }, commandOf);
  });
  crashPoint(`${event}-committed`);
  return announce(plane, playground, operation);
}
