// Databases as earlier versions of the server left them, for tests.
import { servicesOrderSchema } from '@playhouse/contract/link/services-order';
import { type Dialect, Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { migrations } from './migrate.ts';

export const at = '2026-01-01T00:00:00.000Z';
export const later = '2026-01-02T00:00:00.000Z';

/** Tables that are not those which the types of today describe. */
type EarlierTables = Kysely<Record<string, Record<string, unknown>>>;

/** The tables as they were after a migration. */
async function tablesAfter(dialect: Dialect, migration: string): Promise<EarlierTables> {
  const database: EarlierTables = new Kysely({ dialect });
  const getMigrations = () => Promise.resolve({ ...migrations });
  const { error } = await new Migrator({ db: database, provider: { getMigrations } }).migrateTo(migration);
  if (error !== undefined) throw new Error(`the migrations up to ${migration} failed`, { cause: error });
  return database;
}

const playground = {
  ...{ id: 'a'.repeat(24), number: 7, slug: 'lab', title: 'Lab' },
  ...{ playspec_name: 'flexbox', playspec_version: 1, status: 'running' },
  manifest: JSON.stringify({ kind: 'playground', playground: {} }),
  ...{ authorized_keys: '[]', machines: '[]', ram_bytes: 1024, revision: 3 },
  ...{ operation_id: 'b'.repeat(24), created_at: at, updated_at: at },
};

const playspec = { title: 'Flexbox', description: 'An empty one.', categories: '["linux"]', flexible: 1 };

/** What a server of the first version kept, which had no users. */
export async function makeFirstVersion(dialect: Dialect): Promise<void> {
  const database = await tablesAfter(dialect, '0001-tables');
  await database.insertInto('tokens').values({ name: 'admin', hash: 'aa', created_at: at }).execute();
  for (const [version, created_at] of [
    [1, at],
    [2, later],
  ] as const) {
    const row = { ...playspec, name: 'flexbox', version, manifest: `text ${version}`, created_at };
    await database.insertInto('playspecs').values(row).execute();
  }
  await database.insertInto('playgrounds').values(playground).execute();
  await database.destroy();
}

const compose = { text: 'services: { web: { build: . } }', file: 'shop.yaml' };

/** What the version kept that sealed nothing: each of these has a word that ends in `-secret`. */
export const unsealed = {
  stack: {
    ...{ compose, domain: 'localhost', policy: {}, addresses: [] },
    services: { web: { build: { args: { KEY: 'argument-secret' } } } },
  },
  savedServices: { web: { build: { args: { KEY: 'saved-secret' } } } },
  command: {
    ...{ kind: 'services.start' as const, operationId: 'b'.repeat(24), again: false },
    playground: servicesOrderSchema.parse({
      ...{ id: playground.id, number: 7, slug: 'lab', compose, domain: 'localhost' },
      variables: { PASSWORD: 'variable-secret' },
    }),
  },
} as const;

/** What a server of the last version that sealed nothing kept. It is left open: whoever ends like that leaves a write-ahead log. */
export async function makeUnsealedVersion(dialect: Dialect): Promise<EarlierTables> {
  const database = await tablesAfter(dialect, '0009-saved-services');
  await database
    .insertInto('playgrounds')
    .values({ ...playground, stack: JSON.stringify(unsealed.stack) })
    .execute();
  await database.insertInto('users').values({ name: 'ann', admin: 0, created_at: at }).execute();
  const name = 'saved';
  await database.insertInto('playspecs').values({ name, version: 1, created_at: at }).execute();
  const kept = { saved_services: JSON.stringify(unsealed.savedServices), kind: 'compose', created_at: at };
  await database
    .insertInto('playspec_versions')
    .values({ ...playspec, ...kept, name, version: 1, manifest: compose.text })
    .execute();
  const { operationId } = unsealed.command;
  const command = JSON.stringify(unsealed.command);
  await database
    .insertInto('commands')
    .values({ operation_id: operationId, sequence: 2, command, created_at: at })
    .execute();
  return database;
}
