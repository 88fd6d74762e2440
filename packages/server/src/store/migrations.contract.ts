// What an older database holds is there after it was brought to this version.
import { type Dialect, Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { describe, expect, test } from 'vitest';
import { firstTables } from './migrations/0001-tables.ts';
import { findPlayground, listPlaygrounds } from './playgrounds.ts';
import { findPlayspec, listPlayspecVersions } from './playspecs.ts';
import { openStore } from './store.ts';
import { findTokenByHash } from './tokens.ts';

const at = '2026-01-01T00:00:00.000Z';
const later = '2026-01-02T00:00:00.000Z';

/** The tables of the first version, with what a server that had no users kept in them. */
async function makeFirstVersion(dialect: Dialect): Promise<void> {
  // Its tables are not those that the types of today describe.
  const database = new Kysely<Record<string, Record<string, unknown>>>({ dialect });
  const getMigrations = () => Promise.resolve({ '0001-tables': firstTables });
  await new Migrator({ db: database, provider: { getMigrations } }).migrateToLatest();
  await database.insertInto('tokens').values({ name: 'admin', hash: 'aa', created_at: at }).execute();
  const texts = { title: 'Flexbox', description: 'An empty one.', categories: '["linux"]', flexible: 1 };
  for (const [version, created_at] of [
    [1, at],
    [2, later],
  ] as const) {
    const row = { name: 'flexbox', version, ...texts, manifest: `text ${version}`, created_at };
    await database.insertInto('playspecs').values(row).execute();
  }
  await database
    .insertInto('playgrounds')
    .values({
      id: 'a'.repeat(24),
      number: 7,
      slug: 'lab',
      title: 'Lab',
      playspec_name: 'flexbox',
      playspec_version: 1,
      status: 'running',
      manifest: JSON.stringify({ kind: 'playground', playground: {} }),
      authorized_keys: '[]',
      machines: '[]',
      ram_bytes: 1024,
      revision: 3,
      operation_id: 'b'.repeat(24),
      created_at: at,
      updated_at: at,
    })
    .execute();
  await database.destroy();
}

export function describeMigrations(name: string, createDialect: () => Dialect): void {
  describe(`migrations on ${name}`, () => {
    test('a database of the first version: its token, playgrounds and playspecs are the administrator’s', async () => {
      await makeFirstVersion(createDialect());
      const store = await openStore(createDialect());
      const { database } = store;
      expect(await findTokenByHash(database, 'aa')).toMatchObject({
        user: { name: 'admin', admin: true },
        token: { name: 'admin', createdAt: at, expiresAt: null },
      });
      expect(await listPlaygrounds(database, { all: true })).toHaveLength(1);
      expect(await findPlayground(database, '7')).toMatchObject({
        owner: 'admin',
        status: 'running',
        playspec: { name: 'flexbox', version: 1 },
        suspended: false,
        snapshotId: null,
        forkedFrom: null,
        from: null,
        hidden: false,
        spare: false,
      });
      expect(await findPlayspec(database, 'flexbox')).toMatchObject({
        version: 2,
        kind: 'machines',
        manifest: 'text 2',
        owner: null,
        markdown: '',
        createdAt: at,
        updatedAt: later,
        accessControl: { canStart: ['authenticated'] },
        saved: null,
        prewarm: null,
      });
      expect(await findPlayspec(database, 'flexbox', 1)).toMatchObject({ manifest: 'text 1' });
      expect(await listPlayspecVersions(database, 'flexbox')).toHaveLength(2);
      await store.close();
    });
  });
}
