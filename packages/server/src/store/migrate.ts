import { type Migration, Migrator } from 'kysely/migration';
import type { Kysely } from 'kysely';
import { firstTables } from './migrations/0001-tables.ts';
import { users } from './migrations/0002-users.ts';
import { playspecVersions } from './migrations/0003-playspec-versions.ts';
import { taskColumns } from './migrations/0004-tasks.ts';
import { lifetimes } from './migrations/0005-lifetimes.ts';
import { snapshots } from './migrations/0006-snapshots.ts';
import { playspecKinds } from './migrations/0007-playspec-kinds.ts';
import { services } from './migrations/0008-services.ts';
import { savedServices } from './migrations/0009-saved-services.ts';
import { storeKeyTable } from './migrations/0010-store-key.ts';
import { userIds } from './migrations/0011-user-ids.ts';
import { playgroundNotes } from './migrations/0012-playground-notes.ts';
import { spares } from './migrations/0013-spares.ts';
import { playspecOrigins } from './migrations/0014-playspec-origins.ts';

/** Every migration by name, in the order of their names. Static, because the checkout may be unreadable at run time. */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-tables': firstTables,
  '0002-users': users,
  '0003-playspec-versions': playspecVersions,
  '0004-tasks': taskColumns,
  '0005-lifetimes': lifetimes,
  '0006-snapshots': snapshots,
  '0007-playspec-kinds': playspecKinds,
  '0008-services': services,
  '0009-saved-services': savedServices,
  '0010-store-key': storeKeyTable,
  '0011-user-ids': userIds,
  '0012-playground-notes': playgroundNotes,
  '0013-spares': spares,
  '0014-playspec-origins': playspecOrigins,
};

/** Brings the database to the newest version. Doing so again changes nothing. */
export async function migrate<T>(database: Kysely<T>): Promise<void> {
  const migrator = new Migrator({
    db: database,
    provider: { getMigrations: () => Promise.resolve({ ...migrations }) },
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined)
    throw error instanceof Error ? error : new Error('the migration failed', { cause: error });
}
