import type { SnapshotRecord } from '../../snapshots/snapshot-record.ts';
import type { SnapshotUser } from './snapshot-user.ts';

/** Snapshots that a playground keeps to go back to, beside those that something is made of. */
export const keptSnapshots = 5;

/**
 * Ids of the snapshots that may go: those of playgrounds that are gone, and of the others all but the newest few. One that was
 * saved, that a playground is at or begins with, or that is being made, stays. A cut for forks that copied volumes goes
 * before that, for it shares nothing with others: unless it is the newest, whose forks may not have begun yet.
 */
export function outdatedSnapshots(
  playgrounds: readonly SnapshotUser[],
  snapshots: readonly SnapshotRecord[],
  unfinished: ReadonlySet<string>,
): readonly string[] {
  const needed = new Set(
    playgrounds.flatMap(({ snapshotId, order, established }) => [
      snapshotId,
      established ? null : (order.from?.snapshotId ?? null),
    ]),
  );
  const living = new Set(playgrounds.map(({ order }) => order.id));
  const seen = new Map<string, number>();
  const newestFirst = snapshots.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
  return newestFirst.flatMap(({ id, order, origin, services, savedAs }) => {
    if (savedAs !== null || needed.has(id) || unfinished.has(id)) return [];
    if (!living.has(order.id)) return [id];
    const count = (seen.get(order.id) ?? 0) + 1;
    seen.set(order.id, count);
    const most = origin === 'fork' && services !== null ? 1 : keptSnapshots;
    return count > most ? [id] : [];
  });
}
