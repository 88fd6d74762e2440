import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** A row for each playspec beside those of its versions, which learn base, cover, text and access. */
export const playspecVersions: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('playspecs').renameTo('playspec_versions').execute();
    for (const name of ['base', 'cover', 'access'] as const)
      await db.schema.alterTable('playspec_versions').addColumn(name, 'text').execute();
    await db.schema
      .alterTable('playspec_versions')
      .addColumn('markdown', 'text', (column) => column.notNull().defaultTo(''))
      .execute();
    await db.schema
      .createTable('playspecs')
      .addColumn('name', 'text', (column) => column.primaryKey())
      .addColumn('owner', 'text')
      .addColumn('version', 'integer', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addColumn('removed_at', 'text')
      .execute();
    await sql`insert into playspecs (name, version, created_at)
      select name, max(version), min(created_at) from playspec_versions group by name`.execute(db);
  },
};
