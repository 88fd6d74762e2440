import { firstAdmin } from '@playhouse/contract/user';
import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Users, their tokens, and an owner of each playground. What was there belongs to the administrator. */
export const users: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('users')
      .addColumn('name', 'text', (column) => column.primaryKey())
      .addColumn('admin', 'integer', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .execute();
    const at = new Date().toISOString();
    await sql`insert into users (name, admin, created_at) values (${firstAdmin}, 1, ${at})`.execute(db);
    await db.schema
      .createTable('access_tokens')
      .addColumn('user_name', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('hash', 'text', (column) => column.notNull().unique())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addColumn('expires_at', 'text')
      .addPrimaryKeyConstraint('access_tokens_key', ['user_name', 'name'])
      .execute();
    await sql`insert into access_tokens (user_name, name, hash, created_at)
      select ${firstAdmin}, name, hash, created_at from tokens`.execute(db);
    await db.schema.dropTable('tokens').execute();
    await db.schema
      .alterTable('playgrounds')
      .addColumn('owner', 'text', (column) => column.notNull().defaultTo(firstAdmin))
      .execute();
    await db.schema.createIndex('playgrounds_owner').on('playgrounds').column('owner').execute();
  },
};
