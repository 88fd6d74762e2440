import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Playgrounds of Compose services: what they are made from, and their services as the engine tells them. */
export const services: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('playgrounds').addColumn('stack', 'text').execute();
    await db.schema
      .alterTable('playgrounds')
      .addColumn('services', 'text', (column) => column.notNull().defaultTo('[]'))
      .execute();
  },
};
