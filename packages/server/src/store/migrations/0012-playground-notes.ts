import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What becomes of playgrounds without an operation. */
export const playgroundNotes: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('playground_notes')
      .addColumn('playground_id', 'text', (column) => column.notNull())
      .addColumn('number', 'integer', (column) => column.notNull())
      .addColumn('at', 'text', (column) => column.notNull())
      .addColumn('text', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('playground_notes_key', ['playground_id', 'number'])
      .execute();
  },
};
