// Versions of playspecs that have a snapshot: that they begin with, or that they were prewarmed with.
import type { Database } from './schema.ts';
import { selectVersions, type StoredPlayspec, type StoredPrewarm, toPlayspec } from './playspecs.ts';

/** Every version that begins with a snapshot or has to do with prewarming, of one playspec or of all. */
export async function listWithSnapshots(
  database: Database,
  name?: string,
): Promise<readonly StoredPlayspec[]> {
  let query = selectVersions(database)
    .where((expression) =>
      expression.or([
        expression('playspec_versions.snapshot_id', 'is not', null),
        expression('playspec_versions.prewarm', 'is not', null),
      ]),
    )
    .orderBy('playspecs.name')
    .orderBy('playspec_versions.version');
  if (name !== undefined) query = query.where('playspecs.name', '=', name);
  return (await query.execute()).map((row) => toPlayspec(database, row));
}

/** `name@version` of the versions that need a snapshot: to begin with, to resume from, or in the making. */
export async function usersOfSnapshot(database: Database, snapshotId: string): Promise<readonly string[]> {
  return (await listWithSnapshots(database))
    .filter(({ saved, prewarm }) =>
      [saved?.snapshotId, prewarm?.snapshotId, prewarm?.cutId].includes(snapshotId),
    )
    .map(referenceOf);
}

/** `name@version`: what a snapshot of a version is saved as. */
export function referenceOf({ name, version }: Pick<StoredPlayspec, 'name' | 'version'>): string {
  return `${name}@${version}`;
}

/** Writes what becomes of a version’s prewarming; null: none is wanted. */
export async function savePrewarm(
  database: Database,
  { name, version }: Pick<StoredPlayspec, 'name' | 'version'>,
  prewarm: StoredPrewarm | null,
): Promise<void> {
  await database
    .updateTable('playspec_versions')
    .set({ prewarm: prewarm === null ? null : JSON.stringify(prewarm) })
    .where('name', '=', name)
    .where('version', '=', version)
    .execute();
}

/** Takes back a version whose snapshot came to nothing; a playspec that has no other is removed. Its number is used up. */
export async function takeBackVersion(
  database: Database,
  { name, version }: Pick<StoredPlayspec, 'name' | 'version'>,
  at: string,
): Promise<void> {
  await database
    .deleteFrom('playspec_versions')
    .where('name', '=', name)
    .where('version', '=', version)
    .execute();
  const left = await database
    .selectFrom('playspec_versions')
    .select('version')
    .where('name', '=', name)
    .executeTakeFirst();
  if (left === undefined) {
    await database.updateTable('playspecs').set({ removed_at: at }).where('name', '=', name).execute();
  }
}
