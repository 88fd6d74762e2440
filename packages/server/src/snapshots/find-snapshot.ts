// Snapshots are the playroom’s: it is asked for them. Whose they are the server knows, by the playground that each is of.
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Snapshot } from '@playhouse/contract/snapshot';
import { may } from '../auth/may.ts';
import { isAdmin, type Principal } from '../auth/principal.ts';
import type { ControlPlane } from '../control-plane.ts';
import { findPlayground } from '../store/playgrounds.ts';

/**
 * The snapshots that a caller may see, newest first.
 * @throws PlayhouseError engine-down, engine-timeout
 */
export async function listSnapshots(plane: ControlPlane, caller: Principal): Promise<readonly Snapshot[]> {
  const { snapshots } = await plane.engine.ask({ kind: 'snapshot.list' });
  const sorted = snapshots.toSorted(
    (one, other) => other.createdAt.localeCompare(one.createdAt) || other.id.localeCompare(one.id),
  );
  if (isAdmin(caller)) return sorted;
  const ids = [...new Set(sorted.map(({ playgroundId }) => playgroundId))];
  const playgrounds = await Promise.all(
    ids.map(async (id) => await findPlayground(plane.store.database, id)),
  );
  const own = new Set(
    playgrounds.flatMap((playground) =>
      playground !== null && may(caller, 'read', { kind: 'playground', owner: playground.owner })
        ? [playground.id]
        : [],
    ),
  );
  return sorted.filter(({ playgroundId }) => own.has(playgroundId));
}

/**
 * One of those that a caller may see.
 * @throws PlayhouseError snapshot-unknown, engine-down, engine-timeout
 */
export async function findSnapshot(plane: ControlPlane, caller: Principal, id: string): Promise<Snapshot> {
  const found = (await listSnapshots(plane, caller)).find((snapshot) => snapshot.id === id);
  if (found === undefined) throw new PlayhouseError('snapshot-unknown', { snapshot: id });
  return found;
}
