import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What a playspec is made of. Those of before are all of machines. */
export const playspecKinds: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .alterTable('playspec_versions')
      .addColumn('kind', 'text', (column) => column.notNull().defaultTo('machines'))
      .execute();
  },
};
