// Comparisons: the snapshots that are to be compared are found, or begun, in one transaction with the operation that compares them.
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { identifierSchema } from '@playhouse/contract/identifier';
import type { Command } from '@playhouse/contract/link/command';
import type { Operation } from '@playhouse/contract/operation';
import { authorize } from '../auth/authorize.ts';
import type { Principal } from '../auth/principal.ts';
import type { ControlPlane } from '../control-plane.ts';
import { findSnapshot } from '../snapshots/find-snapshot.ts';
import type { Database } from '../store/schema.ts';
import { acceptOperation } from './accept-operation.ts';
import { getPlayground, requireEngine } from './accepted.ts';
import { acceptCut, requireCuttable, runs } from './cut-playground.ts';
import type { News } from './event-feed.ts';

type Side = Extract<Command, { kind: 'snapshot.compare' }>['sides'][number];

/** What a reference names: a playground (its id), or a snapshot with the playground that it is of. */
type Named =
  | { readonly playgroundId: string }
  | { readonly snapshotId: string; readonly playgroundName: string };

/**
 * Has the engine find what is different between two playgrounds, or snapshots of them, as far as the caller may see them. Running
 * ones are cut first, and go on.
 * @throws PlayhouseError engine-down, playground-unknown, playground-state, snapshot-unknown, diff-of-services
 */
export async function comparePlaygrounds(
  plane: ControlPlane,
  { from, to }: { readonly from: string; readonly to: string },
  caller: Principal,
): Promise<{ operation: Operation }> {
  requireEngine(plane);
  const named = [await find(plane, from, caller), await find(plane, to, caller)] as const;
  const { operation, news } = await plane.store.transaction(async (transaction) => {
    const [first, second] = [
      await sideOf(plane, transaction, named[0]),
      await sideOf(plane, transaction, named[1]),
    ];
    const id = plane.newIdentifier();
    const operation = await acceptOperation(transaction, {
      id,
      subject: { kind: 'snapshot', id: first.side.snapshotId, name: `${first.owner}/diff` },
      command: { kind: 'snapshot.compare', operationId: id, sides: [first.side, second.side] },
      at: plane.now().toISOString(),
    });
    return { operation, news: [...first.news, ...second.news] };
  });
  plane.feed.publish(...news, { kind: 'operation', operation });
  plane.engine.nudge();
  return { operation };
}

async function find(plane: ControlPlane, reference: string, caller: Principal): Promise<Named> {
  const { database } = plane.store;
  try {
    await authorize(database, 'playground', caller, { parameters: { playground: reference } });
    return { playgroundId: (await getPlayground(database, reference)).id };
  } catch (error) {
    const unknown = error instanceof PlayhouseError && error.code === 'playground-unknown';
    if (!unknown || !identifierSchema.safeParse(reference).success) throw error;
    const { id: snapshotId, playgroundName } = await findSnapshot(plane, caller, reference);
    return { snapshotId, playgroundName };
  }
}

async function sideOf(
  plane: ControlPlane,
  transaction: Database,
  named: Named,
): Promise<{ readonly side: Side; readonly owner: string; readonly news: readonly News[] }> {
  if (!('playgroundId' in named)) {
    const { snapshotId, playgroundName: owner } = named;
    return { side: { snapshotId, playgroundId: null, name: snapshotId }, owner, news: [] };
  }
  const playground = await getPlayground(transaction, named.playgroundId);
  if (playground.stack !== null)
    throw new PlayhouseError('diff-of-services', { playground: playground.name });
  const { id, name, snapshotId } = playground;
  requireCuttable(playground, 'compared');
  if (!runs(playground) && snapshotId !== null)
    return { side: { snapshotId, playgroundId: null, name }, owner: name, news: [] };
  // Made in passing: the playground is not taken to have left it.
  const operation = await acceptCut(plane, transaction, playground, {
    origin: 'diff',
    memory: false,
    savedAs: null,
  });
  const playgroundId = runs(playground) ? id : null;
  return {
    side: { snapshotId: operation.id, playgroundId, name },
    owner: name,
    news: [{ kind: 'operation', operation }],
  };
}
