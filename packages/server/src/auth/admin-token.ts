import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import type { Store } from '../store/store.ts';
import { saveToken, tokenHashes } from '../store/tokens.ts';
import { createToken, hashToken, isToken } from './token.ts';

/**
 * Makes sure that there is an admin token: the one in `file` (0600, the server's own), made anew when the file is missing
 * or damaged. The store keeps only its hash. Deleting the file and restarting the server replaces the token.
 */
export async function ensureAdminToken(store: Store, file: string, now: () => Date): Promise<void> {
  const token = readToken(file) ?? writeToken(file, createToken());
  const hash = hashToken(token);
  if ((await tokenHashes(store.database)).includes(hash)) return;
  await saveToken(store.database, 'admin', hash, now().toISOString());
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
  const temporary = `${file}.new`;
  const descriptor = openSync(temporary, 'w', 0o600);
  try {
    writeSync(descriptor, `${token}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(temporary, file);
  return token;
}
