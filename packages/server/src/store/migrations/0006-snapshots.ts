import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What playgrounds and playspecs begin with and leave behind. Those of before were all started cold, from bases alone. */
export const snapshots: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const [table, column] of [
      ['playgrounds', 'snapshot_id'],
      ['playgrounds', 'forked_from'],
      ['playgrounds', 'begins_from'],
      ['playspec_versions', 'snapshot_id'],
      ['playspec_versions', 'saved_conditions'],
      ['playspec_versions', 'prewarm'],
    ] as const) {
      await db.schema.alterTable(table).addColumn(column, 'text').execute();
    }
    for (const [table, column] of [
      ['playgrounds', 'suspended'],
      ['playgrounds', 'hidden'],
      ['playspec_versions', 'snapshot_memory'],
    ] as const) {
      await db.schema
        .alterTable(table)
        .addColumn(column, 'integer', (flag) => flag.notNull().defaultTo(0))
        .execute();
    }
    // What an operation was accepted with is looked up when it has ended.
    await db.schema.createIndex('commands_operation').on('commands').column('operation_id').execute();
  },
};
