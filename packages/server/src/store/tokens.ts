import type { AccessToken } from '@playhouse/contract/access-token';
import type { AccessTokenTable, Database } from './schema.ts';
import { type StoredUser, toUser } from './users.ts';

/** A token as it is stored: its SHA-256 (hex) instead of itself. */
export interface StoredToken extends AccessToken {
  readonly hash: string;
}

/** Adds a token; false when its user has one of that name. */
export async function addToken(database: Database, token: StoredToken): Promise<boolean> {
  const added = await database
    .insertInto('access_tokens')
    .values(toRow(token))
    .onConflict((conflict) => conflict.columns(['user_name', 'name']).doNothing())
    .returning('name')
    .executeTakeFirst();
  return added !== undefined;
}

/** Stores a token in place of the one that its user had under that name. */
export async function replaceToken(database: Database, token: StoredToken): Promise<void> {
  const row = toRow(token);
  await database
    .insertInto('access_tokens')
    .values(row)
    .onConflict((conflict) => conflict.columns(['user_name', 'name']).doUpdateSet(row))
    .execute();
}

/** The token with that SHA-256 (hex) and whose it is, expired or not. */
export async function findTokenByHash(
  database: Database,
  hash: string,
): Promise<{ readonly token: AccessToken; readonly user: StoredUser } | null> {
  const row = await database
    .selectFrom('access_tokens')
    .innerJoin('users', 'users.name', 'access_tokens.user_name')
    .select(['access_tokens.name as token_name', 'user_name', 'access_tokens.created_at as token_created_at'])
    .select([
      'expires_at',
      'users.id as id',
      'users.name as name',
      'users.admin as admin',
      'users.created_at as created_at',
    ])
    .where('hash', '=', hash)
    .executeTakeFirst();
  if (row === undefined) return null;
  const token = toToken({ ...row, name: row.token_name, created_at: row.token_created_at });
  return { token, user: toUser(row) };
}

/** The tokens of a user, by name. */
export async function listTokens(database: Database, user: string): Promise<AccessToken[]> {
  const rows = await database
    .selectFrom('access_tokens')
    .selectAll()
    .where('user_name', '=', user)
    .orderBy('name')
    .execute();
  return rows.map(toToken);
}

/** Removes a token and gives what it was; null when the user has none of that name. */
export async function removeToken(
  database: Database,
  user: string,
  name: string,
): Promise<AccessToken | null> {
  const row = await database
    .deleteFrom('access_tokens')
    .where('user_name', '=', user)
    .where('name', '=', name)
    .returningAll()
    .executeTakeFirst();
  return row === undefined ? null : toToken(row);
}

function toRow(token: StoredToken): AccessTokenTable {
  const { user, name, hash, createdAt, expiresAt } = token;
  return { user_name: user, name, hash, created_at: createdAt, expires_at: expiresAt };
}

function toToken(row: Omit<AccessTokenTable, 'hash'>): AccessToken {
  return { name: row.name, user: row.user_name, createdAt: row.created_at, expiresAt: row.expires_at };
}
