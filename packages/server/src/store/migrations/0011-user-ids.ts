import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * An id of each user that nobody gets again. That of users of before is their name, under which engines keep their credentials;
 * whoever gets such a name later has another id.
 */
export const userIds: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('users').addColumn('id', 'text').execute();
    await sql`update users set id = name`.execute(db);
    await db.schema.createIndex('users_id').on('users').column('id').unique().execute();
  },
};
