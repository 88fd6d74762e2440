import { readFileSync } from 'node:fs';
import { firstAdmin } from '@playhouse/contract/user';
import type { Store } from '../store/store.ts';
import { findTokenByHash, replaceToken } from '../store/tokens.ts';
import { writePrivateFile } from '../write-private-file.ts';
import { createToken, hashToken, isToken } from './token.ts';

/** The name of the token in the file, among those of the first administrator. */
export const adminTokenName = 'admin';

/**
 * Makes sure that there is an admin token: the one in `file` (0600, the server's own), made anew when the file is missing
 * or damaged. The store keeps only its hash. Deleting the file and restarting the server replaces the token.
 */
export async function ensureAdminToken(store: Store, file: string, now: () => Date): Promise<void> {
  const token = readToken(file) ?? writeToken(file, createToken());
  const hash = hashToken(token);
  if ((await findTokenByHash(store.database, hash)) !== null) return;
  const createdAt = now().toISOString();
  const stored = { user: firstAdmin, name: adminTokenName, hash, createdAt, expiresAt: null };
  await replaceToken(store.database, stored);
}

function readToken(file: string): string | null {
  try {
    const text = readFileSync(file, 'utf8').trim();
    return isToken(text) ? text : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function writeToken(file: string, token: string): string {
  writePrivateFile(file, `${token}\n`);
  return token;
}
