import type { User } from '@playhouse/contract/user';
import type { Database, UserTable } from './schema.ts';

/** Adds a user; false when there is one of that name. */
export async function addUser(database: Database, user: User): Promise<boolean> {
  const added = await database
    .insertInto('users')
    .values({ name: user.name, admin: user.admin ? 1 : 0, created_at: user.createdAt })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .returning('name')
    .executeTakeFirst();
  return added !== undefined;
}

export async function findUser(database: Database, name: string): Promise<User | null> {
  const row = await database.selectFrom('users').selectAll().where('name', '=', name).executeTakeFirst();
  return row === undefined ? null : toUser(row);
}

/** All users, by name. */
export async function listUsers(database: Database): Promise<User[]> {
  return (await database.selectFrom('users').selectAll().orderBy('name').execute()).map(toUser);
}

/** Removes a user with the tokens, and gives what the user owned to `heir`. */
export async function removeUser(database: Database, name: string, heir: string): Promise<void> {
  await database.deleteFrom('access_tokens').where('user_name', '=', name).execute();
  await database.updateTable('playgrounds').set({ owner: heir }).where('owner', '=', name).execute();
  await database.updateTable('playspecs').set({ owner: heir }).where('owner', '=', name).execute();
  await database.deleteFrom('users').where('name', '=', name).execute();
}

export function toUser(row: UserTable): User {
  return { name: row.name, admin: row.admin === 1, createdAt: row.created_at };
}
