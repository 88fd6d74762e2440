import type { Database } from './schema.ts';

/** Stores the SHA-256 (hex) of a token under a name, in place of the one that had the name. */
export async function saveToken(database: Database, name: string, hash: string, at: string): Promise<void> {
  await database
    .insertInto('tokens')
    .values({ name, hash, created_at: at })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ hash, created_at: at }))
    .execute();
}

/** The SHA-256 (hex) of every token. */
export async function tokenHashes(database: Database): Promise<readonly string[]> {
  const rows = await database.selectFrom('tokens').select('hash').execute();
  return rows.map((row) => row.hash);
}
