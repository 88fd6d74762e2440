import type { Playspec } from '@playhouse/contract/playspec';
import type { Database, PlayspecTable } from './schema.ts';

/** A playspec with its manifest as YAML text. */
export interface StoredPlayspec extends Playspec {
  readonly manifest: string;
}

/** Adds a playspec as the next version of its name, unless the newest version has the very same manifest. */
export async function savePlayspec(
  database: Database,
  playspec: Omit<StoredPlayspec, 'version'>,
  at: string,
): Promise<void> {
  const newest = await findPlayspec(database, playspec.name);
  if (newest?.manifest === playspec.manifest) return;
  await database
    .insertInto('playspecs')
    .values({
      ...playspec,
      version: (newest?.version ?? 0) + 1,
      categories: JSON.stringify(playspec.categories),
      flexible: playspec.flexible ? 1 : 0,
      created_at: at,
    })
    .execute();
}

/** The newest version of a playspec. */
export async function findPlayspec(database: Database, name: string): Promise<StoredPlayspec | null> {
  const row = await database
    .selectFrom('playspecs')
    .selectAll()
    .where('name', '=', name)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : toPlayspec(row);
}

/** The newest version of every playspec, by name. */
export async function listPlayspecs(database: Database): Promise<readonly StoredPlayspec[]> {
  const rows = await database
    .selectFrom('playspecs')
    .selectAll()
    .where(({ eb, selectFrom, refTuple }) =>
      eb(
        refTuple('name', 'version'),
        'in',
        selectFrom('playspecs')
          .select(({ fn }) => ['name', fn.max('version').as('version')])
          .groupBy('name')
          .$asTuple('name', 'version'),
      ),
    )
    .orderBy('name')
    .execute();
  return rows.map(toPlayspec);
}

function toPlayspec(row: PlayspecTable): StoredPlayspec {
  return {
    name: row.name,
    version: row.version,
    title: row.title,
    description: row.description,
    categories: JSON.parse(row.categories) as string[],
    flexible: row.flexible === 1,
    manifest: row.manifest,
  };
}
