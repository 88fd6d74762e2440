import type { SnapshotRecord } from '../../snapshots/snapshot-record.ts';
import type { SnapshotUser } from './snapshot-user.ts';

/** Snapshots that a playground keeps to go back to, beside those that something is made of. */
export const keptSnapshots = 5;

/**
 * Ids of the snapshots that may go: those of playgrounds that are gone, and of the others all but the newest few. One that was
 * saved, that a playground is at or begins with, or that is being made, stays. A cut for forks that copied volumes goes
 * before that, for it shares nothing with others: unless it is the newest, whose forks may not have begun yet. So does one for a
 * diff, for nothing goes on from it: `reserved` are those that wait to be read, and of the newest the engine may not have
 * been told yet who reads it. It takes no place from those that somebody may want to go back to.
 */
export function outdatedSnapshots(
  playgrounds: readonly SnapshotUser[],
  snapshots: readonly SnapshotRecord[],
  reserved: ReadonlySet<string>,
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
  const place = (kind: string): number => {
    seen.set(kind, (seen.get(kind) ?? 0) + 1);
    return seen.get(kind) ?? 0;
  };
  return newestFirst.flatMap(({ id, order, origin, services, savedAs }) => {
    const isDiff = origin === 'diff';
    // The newest is the newest also while it is read.
    const ofDiffs = isDiff ? place(`${order.id} ${origin}`) : 0;
    if (savedAs !== null || needed.has(id) || reserved.has(id)) return [];
    if (!living.has(order.id)) return [id];
    if (isDiff) return ofDiffs > 1 ? [id] : [];
    const most = origin === 'fork' && services !== null ? 1 : keptSnapshots;
    return place(order.id) > most ? [id] : [];
  });
}
