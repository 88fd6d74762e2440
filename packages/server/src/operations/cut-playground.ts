// A cut takes the state of a playground as it is, and lets it go on: its status stays, and so does the operation that
// decides about it. The snapshot has the id of the operation.
import { wrongState } from '@playhouse/contract/errors/wrong-state';
import type { Operation } from '@playhouse/contract/operation';
import type { SnapshotOrigin } from '@playhouse/contract/snapshot';
import type { ControlPlane } from '../control-plane.ts';
import type { StoredPlayground } from '../store/playgrounds.ts';
import type { Database } from '../store/schema.ts';
import { acceptOperation } from './accept-operation.ts';
import { type AcceptedWork, announce, getPlayground, requireEngine, subjectOf } from './accepted.ts';

export interface Cut {
  readonly origin: SnapshotOrigin;
  readonly memory: boolean;
  /** `name@version` of the playspec that it is for. */
  readonly savedAs: string | null;
}

/**
 * Keeps a playground as it is now, to go back to.
 * @throws PlayhouseError engine-down, playground-unknown, playground-state
 */
export async function snapshotPlayground(
  plane: ControlPlane,
  reference: string,
  memory: boolean,
): Promise<AcceptedWork> {
  requireEngine(plane);
  const { playground, operation } = await plane.store.transaction(async (transaction) => {
    const found = await getPlayground(transaction, reference);
    requireCuttable(found, 'snapshotted');
    const cut: Cut = {
      origin: 'snapshot',
      memory: memory && found.stack === null && hasMemory(found),
      savedAs: null,
    };
    return { playground: found, operation: await acceptCut(plane, transaction, found, cut) };
  });
  return announce(plane, playground, operation);
}

/** Writes the operation that cuts a playground, in the caller's transaction. `id` is to be the snapshot’s. */
export async function acceptCut(
  plane: ControlPlane,
  transaction: Database,
  playground: StoredPlayground,
  cut: Cut,
  id = plane.newIdentifier(),
): Promise<Operation> {
  const command = {
    kind: 'playground.snapshot',
    operationId: id,
    playgroundId: playground.id,
    ...cut,
  } as const;
  const at = plane.now().toISOString();
  return await acceptOperation(transaction, { id, subject: subjectOf(playground), command, at });
}

/**
 * Only what runs or has stopped can be cut: everything else is on its way from one state to another, or has none.
 * @throws PlayhouseError playground-state
 */
export function requireCuttable(playground: StoredPlayground, action: string): void {
  const { name, status } = playground;
  if (runs(playground) || status === 'stopped') return;
  throw wrongState({ name, status }, action);
}

/** Whether there is memory to be cut. */
export function hasMemory(playground: StoredPlayground): boolean {
  return runs(playground) || (playground.status === 'stopped' && playground.suspended);
}

export function runs({ status }: Pick<StoredPlayground, 'status'>): boolean {
  return status === 'running' || status === 'has_changes';
}
