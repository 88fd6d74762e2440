import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Hidden playgrounds that wait for a start to become somebody’s. Of those that are there none does. */
export const spares: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .alterTable('playgrounds')
      .addColumn('spare', 'integer', (flag) => flag.notNull().defaultTo(0))
      .execute();
  },
};
