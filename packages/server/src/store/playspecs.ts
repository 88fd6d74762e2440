// Playspecs and their versions. A version is only ever added; a removed playspec leaves its name and the number of its last
// version behind, so that a number never means two manifests.
import { type ComposeOrigin, composeOriginSchema } from '@playhouse/contract/compose/compose-origin';
import { everyones, type AccessControl } from '@playhouse/contract/manifest/access-control';
import type { ServicesOrder } from '@playhouse/contract/link/services-order';
import type {
  Playspec,
  PlayspecPage,
  PlayspecVersion,
  PrewarmState,
  SpareState,
} from '@playhouse/contract/playspec';
import type { ExpressionBuilder } from 'kysely';
import type { Database, PlayspecTable, PlayspecVersionTable, Tables } from './schema.ts';
import { packWishes, unpackWishes } from './saved-wishes.ts';
import { labels, sealJson, unsealJson } from './sealed.ts';

/** A playspec with its manifest as YAML text. */
export interface StoredPlayspec extends PlayspecPage {
  readonly manifest: string;
  /** Of a saved one: the choices that its snapshot was made under. */
  readonly savedConditions: Readonly<Record<string, string>> | null;
  /** Of a saved one that is a Compose file: what was wished for services of the playground. */
  readonly savedServices: ServicesOrder['services'] | null;
  /** Of a saved one that is a Compose file: profiles that the playground was started with. */
  readonly savedProfiles: ServicesOrder['profiles'];
  readonly prewarm: StoredPrewarm | null;
}

export interface StoredSpare extends SpareState {
  /** Until then none is made; null: at once. */
  readonly notBefore: string | null;
  /** How many came to nothing since one stood by. */
  readonly failures: number;
}

export interface StoredPrewarm extends PrewarmState {
  readonly spare: StoredSpare | null;
  /** The operation that cuts what is being made; null before there is one. */
  readonly cutId: string | null;
  /** What it depends on, as a digest; when that changes, it is to be made again. */
  readonly fingerprint: string;
}

/** What a saved version begins with. */
export interface SavedFrom {
  readonly snapshotId: string;
  readonly memory: boolean;
  readonly conditions: Readonly<Record<string, string>>;
  readonly services?: ServicesOrder['services'];
  readonly profiles?: ServicesOrder['profiles'];
}

/** What a version consists of; the store gives it its number and date. */
export type NewVersion = Omit<
  StoredPlayspec,
  | 'version'
  | 'owner'
  | 'createdAt'
  | 'updatedAt'
  | 'saved'
  | 'savedConditions'
  | 'savedServices'
  | 'savedProfiles'
  | 'prewarm'
> & { readonly saved?: SavedFrom };

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
  const row = await selectVersions(database)
    .where('playspecs.name', '=', name)
    .where((expression) =>
      version === undefined ? isNewest(expression) : expression('playspec_versions.version', '=', version),
    )
    .executeTakeFirst();
  return row === undefined ? null : toPlayspec(database, row);
}

/** The newest version of every playspec, by name. */
export async function listPlayspecs(database: Database): Promise<readonly StoredPlayspec[]> {
  const rows = await selectVersions(database).where(isNewest).orderBy('playspecs.name').execute();
  return rows.map((row) => toPlayspec(database, row));
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
export function toPublicPlayspec(stored: StoredPlayspec): Playspec {
  const { markdown: _t, ...playspec } = toPublicPage(stored);
  return playspec;
}

/** The same with the text of its page. */
export function toPublicPage(stored: StoredPlayspec): PlayspecPage {
  const {
    manifest: _m,
    savedConditions: _c,
    savedServices: _s,
    savedProfiles: _p,
    prewarm,
    ...page
  } = stored;
  if (prewarm === null) return { ...page, prewarm };
  const { cutId: _i, fingerprint: _f, spare, ...shown } = prewarm;
  return { ...page, prewarm: { ...shown, spare: spare === null ? null : toPublicSpare(spare) } };
}

function toPublicSpare({ notBefore: _n, failures: _f, ...shown }: StoredSpare): SpareState {
  return shown;
}

async function addVersion(
  database: Database,
  playspec: NewVersion,
  version: number,
  owner: string | null,
  at: string,
): Promise<void> {
  const { name, kind, title, description, manifest, base, cover, markdown, saved } = playspec;
  await database
    .insertInto('playspec_versions')
    .values({
      ...{ name, version, kind, title, description, manifest, base, cover, markdown },
      categories: JSON.stringify(playspec.categories),
      flexible: playspec.flexible ? 1 : 0,
      access: owner === null ? null : JSON.stringify(playspec.accessControl),
      snapshot_id: saved?.snapshotId ?? null,
      snapshot_memory: saved?.memory === true ? 1 : 0,
      saved_conditions: saved === undefined ? null : JSON.stringify(saved.conditions),
      saved_services:
        saved?.services === undefined
          ? null
          : sealJson(
              database,
              packWishes(saved.services, saved.profiles),
              labels.savedServices(name, version),
            ),
      prewarm: null,
      origin: playspec.origin === null ? null : JSON.stringify(playspec.origin),
      created_at: at,
    })
    .execute();
}

/** Every version of every playspec, with how the cut of a saved one went. */
export function selectVersions(database: Database) {
  return database
    .selectFrom('playspecs')
    .innerJoin('playspec_versions', 'playspec_versions.name', 'playspecs.name')
    .leftJoin('operations', 'operations.id', 'playspec_versions.snapshot_id')
    .selectAll('playspec_versions')
    .select(['playspecs.owner as owner', 'playspecs.created_at as first_created_at'])
    .select('operations.status as cut_status')
    .where('playspecs.removed_at', 'is', null);
}

/** The last number that was given may be that of a save that failed, so it is not the newest version there is. */
function isNewest(expression: ExpressionBuilder<Tables, 'playspecs' | 'playspec_versions'>) {
  return expression(
    'playspec_versions.version',
    '=',
    expression
      .selectFrom('playspec_versions as other')
      .select(({ fn }) => fn.max('other.version').as('newest'))
      .whereRef('other.name', '=', 'playspecs.name'),
  );
}

type Row = PlayspecVersionTable &
  Pick<PlayspecTable, 'owner'> & { readonly first_created_at: string; readonly cut_status: string | null };

/** What an earlier server did not store of a prewarming. */
const laterPrewarm: Pick<StoredPrewarm, 'spare'> = { spare: null };

export function toPlayspec(database: Database, row: Row): StoredPlayspec {
  return {
    name: row.name,
    version: row.version,
    kind: row.kind as Playspec['kind'],
    title: row.title,
    description: row.description,
    categories: JSON.parse(row.categories) as string[],
    cover: row.cover,
    flexible: row.flexible === 1,
    base: row.base,
    origin: originOf(row),
    owner: row.owner,
    accessControl: accessOf(row),
    createdAt: row.first_created_at,
    updatedAt: row.created_at,
    markdown: row.markdown,
    manifest: row.manifest,
    saved: savedOf(row),
    savedConditions:
      row.saved_conditions === null ? null : (JSON.parse(row.saved_conditions) as Record<string, string>),
    ...unpackWishes(
      row.saved_services === null
        ? null
        : unsealJson(database, row.saved_services, labels.savedServices(row.name, row.version)),
    ),
    prewarm: row.prewarm === null ? null : ({ ...laterPrewarm, ...JSON.parse(row.prewarm) } as StoredPrewarm),
  };
}

function originOf({ origin }: Pick<PlayspecVersionTable, 'origin'>): ComposeOrigin | null {
  return origin === null ? null : composeOriginSchema.parse(JSON.parse(origin));
}

function savedOf({ snapshot_id: snapshotId, snapshot_memory, cut_status }: Row): Playspec['saved'] {
  if (snapshotId === null) return null;
  const state = cut_status === 'succeeded' ? 'ready' : 'making';
  return { snapshotId, memory: snapshot_memory === 1, state };
}

function accessOf({ access }: Row): Playspec['accessControl'] {
  const { canList, canRead, canStart } = access === null ? everyones : (JSON.parse(access) as AccessControl);
  return { canList: [...canList], canRead: [...canRead], canStart: [...canStart] };
}
