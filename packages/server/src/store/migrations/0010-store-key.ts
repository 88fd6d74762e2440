import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What tells the key that the database is sealed with from any other. Without a row nothing is sealed yet. */
export const storeKeyTable: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('store_key')
      .addColumn('proof', 'text', (column) => column.notNull())
      .execute();
  },
};
