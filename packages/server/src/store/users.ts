import type { User } from '@playhouse/contract/user';
import type { Database, UserTable } from './schema.ts';

/** A user with what the API does not show. */
export interface StoredUser extends User {
  /** Nobody else ever has it, not even who gets the same name later. */
  readonly id: string;
}

/** Adds a user; false when there is one of that name. */
export async function addUser(database: Database, user: StoredUser): Promise<boolean> {
  const added = await database
    .insertInto('users')
    .values({ id: user.id, name: user.name, admin: user.admin ? 1 : 0, created_at: user.createdAt })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .returning('name')
    .executeTakeFirst();
  return added !== undefined;
}

export async function findUser(database: Database, name: string): Promise<StoredUser | null> {
  const row = await database.selectFrom('users').selectAll().where('name', '=', name).executeTakeFirst();
  return row === undefined ? null : toUser(row);
}

/** All users, by name. */
export async function listUsers(database: Database): Promise<StoredUser[]> {
  return (await database.selectFrom('users').selectAll().orderBy('name').execute()).map(toUser);
}

/** Removes a user with the tokens, and gives what the user owned to `heir`. */
export async function removeUser(database: Database, name: string, heir: string): Promise<void> {
  await database.deleteFrom('access_tokens').where('user_name', '=', name).execute();
  await database.updateTable('playgrounds').set({ owner: heir }).where('owner', '=', name).execute();
  await database.updateTable('playspecs').set({ owner: heir }).where('owner', '=', name).execute();
  await database.deleteFrom('users').where('name', '=', name).execute();
}

/** The user as the API shows it. */
export function toPublicUser({ id: _id, ...user }: StoredUser): User {
  return user;
}

export function toUser(row: UserTable): StoredUser {
  return { id: row.id, name: row.name, admin: row.admin === 1, createdAt: row.created_at };
}
