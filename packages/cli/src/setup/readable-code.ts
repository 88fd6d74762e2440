import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Owner } from '../connection/credentials.ts';

/** The first folder on the way to `path` that the user may not enter, or `path` itself when it may not be read; else null. */
export async function blockedAt(path: string, user: Owner): Promise<string | null> {
  const way = [path];
  for (let at = path; at !== dirname(at); at = dirname(at)) way.unshift(dirname(at));
  for (const step of way) {
    const { mode, uid, gid } = await stat(step);
    const shift = uid === user.uid ? 6 : gid === user.gid ? 3 : 0;
    const needed = step === path ? 0o5 : 0o1;
    if (((mode >> shift) & needed) !== needed) return step;
  }
  return null;
}
