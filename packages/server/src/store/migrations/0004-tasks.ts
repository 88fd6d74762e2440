import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Init tasks of playgrounds, and what was chosen for their conditions. */
export const taskColumns: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const [name, empty] of [
      ['tasks', '[]'],
      ['conditions', '{}'],
    ] as const) {
      await db.schema
        .alterTable('playgrounds')
        .addColumn(name, 'text', (column) => column.notNull().defaultTo(empty))
        .execute();
    }
  },
};
