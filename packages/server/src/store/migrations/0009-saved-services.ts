import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Saved Compose playspecs: what was wished for services of the playground that was saved. */
export const savedServices: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('playspec_versions').addColumn('saved_services', 'text').execute();
  },
};
