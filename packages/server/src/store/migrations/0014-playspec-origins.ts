import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Where the Compose files of playspecs were taken from. Those that are there were given as texts. */
export const playspecOrigins: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('playspec_versions').addColumn('origin', 'text').execute();
  },
};
