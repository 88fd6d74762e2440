import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** How long a playground lives, when that is over, and what becomes of it then. Those of before have no end. */
export const lifetimes: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('playgrounds').addColumn('lifetime_seconds', 'integer').execute();
    await db.schema.alterTable('playgrounds').addColumn('expires_at', 'text').execute();
    await db.schema
      .alterTable('playgrounds')
      .addColumn('on_expiry', 'text', (column) => column.notNull().defaultTo('destroy'))
      .execute();
  },
};
