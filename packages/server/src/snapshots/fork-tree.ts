import type { RouteOutput } from '@playhouse/contract/routes/route';
import type { RouteTable } from '@playhouse/contract/routes/route-table';
import type { Snapshot } from '@playhouse/contract/snapshot';
import { may, ownersListed } from '../auth/may.ts';
import type { Principal } from '../auth/principal.ts';
import type { ControlPlane } from '../control-plane.ts';
import { getPlayground } from '../operations/accepted.ts';
import { listPlaygrounds, type StoredPlayground, toPublicPlayground } from '../store/playgrounds.ts';
import { listSnapshots } from './find-snapshot.ts';
import { lineOf } from './line-of.ts';

type Tree = RouteOutput<RouteTable['playground.tree']>;

/**
 * The tree of forks that a playground is in, as far as the caller may see it: from the highest playground above it that is
 * the caller’s, down. Destroyed playgrounds stay in it. Without the playroom’s answer it has no snapshots.
 * @throws PlayhouseError playground-unknown
 */
export async function forkTree(plane: ControlPlane, reference: string, caller: Principal): Promise<Tree> {
  const { database } = plane.store;
  const playground = await getPlayground(database, reference);
  const sees = ({ owner }: StoredPlayground) => may(caller, 'read', { kind: 'playground', owner });
  const line = await lineOf(database, playground);
  const hidden = line.findIndex((each) => !sees(each));
  const root = (hidden < 0 ? line : line.slice(0, hidden)).at(-1) ?? playground;
  const all = await listPlaygrounds(database, { all: true, owner: ownersListed(caller) });
  const snapshots = await listSnapshots(plane, caller).catch(() => null);
  const nodes = below(root, all).toSorted((one, other) => one.number - other.number);
  return { root: root.id, nodes: nodes.map((node) => toNode(node, snapshots)) };
}

function below(root: StoredPlayground, all: readonly StoredPlayground[]): readonly StoredPlayground[] {
  const found = [root];
  // The list grows while it is gone through.
  for (const parent of found) {
    found.push(...all.filter(({ forkedFrom }) => forkedFrom?.playgroundId === parent.id));
  }
  return found;
}

function toNode(stored: StoredPlayground, snapshots: readonly Snapshot[] | null): Tree['nodes'][number] {
  const { id, number, name, title, status, suspended, snapshotId, forkedFrom, createdAt } =
    toPublicPlayground(stored);
  const own = snapshots?.filter(({ playgroundId }) => playgroundId === id).toReversed() ?? null;
  return {
    ...{ id, number, name, title, status, suspended, snapshotId, forkedFrom, createdAt },
    snapshots: own,
  };
}
