// Playspecs and their versions. A version is only ever added; a removed playspec leaves its name and the number of its last
// version behind, so that a number never means two manifests.
import { everyones, type AccessControl } from '@playhouse/contract/manifest/access-control';
import type { Playspec, PlayspecPage, PlayspecVersion } from '@playhouse/contract/playspec';
import type { Database, PlayspecTable, PlayspecVersionTable } from './schema.ts';

/** A playspec with its manifest as YAML text. */
export interface StoredPlayspec extends PlayspecPage {
  readonly manifest: string;
}

/** What a version consists of; the store gives it its number and date. */
export type NewVersion = Omit<StoredPlayspec, 'version' | 'owner' | 'createdAt' | 'updatedAt'>;

/** Adds a playspec of `owner` (null: it comes with Playhouse); false when there is one of that name. */
export async function addPlayspec(
  database: Database,
  playspec: NewVersion,
  owner: string | null,
  at: string,
): Promise<boolean> {
  const { name } = playspec;
  const added = await database
    .insertInto('playspecs')
    .values({ name, owner, version: 1, created_at: at, removed_at: null })
    .onConflict((conflict) =>
      conflict
        .column('name')
        .doUpdateSet((expression) => ({
          owner,
          version: expression('playspecs.version', '+', 1),
          created_at: at,
          removed_at: null,
        }))
        .where('playspecs.removed_at', 'is not', null),
    )
    .returning('version')
    .executeTakeFirst();
  if (added === undefined) return false;
  await addVersion(database, playspec, added.version, owner, at);
  return true;
}

/**
 * Adds the next version of a playspec that is there, and gives its number. Those who add at the same time get different
 * numbers: the row of the playspec is held until the commit.
 */
export async function addPlayspecVersion(
  database: Database,
  playspec: NewVersion,
  at: string,
): Promise<number> {
  const { version, owner } = await database
    .updateTable('playspecs')
    .set((expression) => ({ version: expression('version', '+', 1) }))
    .where('name', '=', playspec.name)
    .where('removed_at', 'is', null)
    .returning(['version', 'owner'])
    .executeTakeFirstOrThrow();
  await addVersion(database, playspec, version, owner, at);
  return version;
}

/** A version of a playspec, the newest when none is named. */
export async function findPlayspec(
  database: Database,
  name: string,
  version?: number,
): Promise<StoredPlayspec | null> {
  const row = await select(database)
    .where('playspecs.name', '=', name)
    .where((expression) =>
      expression('playspec_versions.version', '=', version ?? expression.ref('playspecs.version')),
    )
    .executeTakeFirst();
  return row === undefined ? null : toPlayspec(row);
}

/** The newest version of every playspec, by name. */
export async function listPlayspecs(database: Database): Promise<readonly StoredPlayspec[]> {
  const rows = await select(database)
    .whereRef('playspec_versions.version', '=', 'playspecs.version')
    .orderBy('playspecs.name')
    .execute();
  return rows.map(toPlayspec);
}

/** The versions of a playspec, newest first. */
export async function listPlayspecVersions(database: Database, name: string): Promise<PlayspecVersion[]> {
  const rows = await database
    .selectFrom('playspec_versions')
    .select(['version', 'title', 'created_at'])
    .where('name', '=', name)
    .orderBy('version', 'desc')
    .execute();
  return rows.map(({ version, title, created_at: createdAt }) => ({ version, title, createdAt }));
}

/** Removes a playspec with all its versions. */
export async function removePlayspec(database: Database, name: string, at: string): Promise<void> {
  await database.updateTable('playspecs').set({ removed_at: at }).where('name', '=', name).execute();
  await database.deleteFrom('playspec_versions').where('name', '=', name).execute();
}

/** The playspec as the API shows it. */
export function toPublicPlayspec({ manifest: _m, markdown: _t, ...playspec }: StoredPlayspec): Playspec {
  return playspec;
}

async function addVersion(
  database: Database,
  playspec: NewVersion,
  version: number,
  owner: string | null,
  at: string,
): Promise<void> {
  const { name, title, description, manifest, base, cover, markdown } = playspec;
  await database
    .insertInto('playspec_versions')
    .values({
      ...{ name, version, title, description, manifest, base, cover, markdown },
      categories: JSON.stringify(playspec.categories),
      flexible: playspec.flexible ? 1 : 0,
      access: owner === null ? null : JSON.stringify(playspec.accessControl),
      created_at: at,
    })
    .execute();
}

function select(database: Database) {
  return database
    .selectFrom('playspecs')
    .innerJoin('playspec_versions', 'playspec_versions.name', 'playspecs.name')
    .selectAll('playspec_versions')
    .select(['playspecs.owner as owner', 'playspecs.created_at as first_created_at'])
    .where('playspecs.removed_at', 'is', null);
}

type Row = PlayspecVersionTable & Pick<PlayspecTable, 'owner'> & { readonly first_created_at: string };

function toPlayspec(row: Row): StoredPlayspec {
  return {
    name: row.name,
    version: row.version,
    title: row.title,
    description: row.description,
    categories: JSON.parse(row.categories) as string[],
    cover: row.cover,
    flexible: row.flexible === 1,
    base: row.base,
    owner: row.owner,
    accessControl: accessOf(row),
    createdAt: row.first_created_at,
    updatedAt: row.created_at,
    markdown: row.markdown,
    manifest: row.manifest,
  };
}

function accessOf({ access }: Row): Playspec['accessControl'] {
  const { canList, canRead, canStart } = access === null ? everyones : (JSON.parse(access) as AccessControl);
  return { canList: [...canList], canRead: [...canRead], canStart: [...canStart] };
}
