import { hasEnded, type Operation } from '@playhouse/contract/operation';
import type { ControlPlane } from '../control-plane.ts';
import { findCommand } from '../store/commands.ts';
import { listWithSnapshots, takeBackVersion, usersOfSnapshot } from '../store/playspec-snapshots.ts';
import type { Database } from '../store/schema.ts';
import type { News } from './event-feed.ts';
import { acceptRemoval } from './remove-snapshot.ts';

/**
 * What follows for the catalog when a cut for it has ended: a version whose snapshot came to nothing disappears, and a
 * snapshot that nobody wants any more — its playspec was removed meanwhile — is removed, too.
 */
export async function settleCut(
  plane: ControlPlane,
  transaction: Database,
  { id, kind, status, subject }: Operation,
): Promise<readonly News[]> {
  if (kind !== 'playground.snapshot' || !hasEnded(status)) return [];
  const command = await findCommand(transaction, id);
  if (command?.kind !== 'playground.snapshot' || command.savedAs === null) return [];
  if (status !== 'succeeded') {
    const versions = await listWithSnapshots(transaction);
    const version = versions.find(({ saved }) => saved?.snapshotId === id);
    if (version !== undefined) await takeBackVersion(transaction, version, plane.now().toISOString());
    return [];
  }
  if ((await usersOfSnapshot(transaction, id)).length > 0) return [];
  return [{ kind: 'operation', operation: await acceptRemoval(plane, transaction, id, subject.name) }];
}
