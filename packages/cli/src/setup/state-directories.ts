import { chmod, chown, mkdir, stat } from 'node:fs/promises';
import type { sharedPaths } from '@playhouse/contract/state-directory';
import type { Owner } from '../connection/credentials.ts';

type Paths = ReturnType<typeof sharedPaths>;

/** Makes the folders that server and engine share, with the owners they need. Safe to repeat. */
export async function ensureStateDirectories(paths: Paths, server: Owner): Promise<void> {
  const root = { uid: 0, gid: 0 };
  await ensureDirectory(paths.root, 0o755, root);
  await ensureDirectory(paths.run, 0o755, root);
  await ensureDirectory(paths.logs, 0o755, root);
  await ensureDirectory(paths.server, 0o700, server);
  await ensureDirectory(paths.serverRun, 0o700, server);
}

async function ensureDirectory(path: string, mode: number, owner: Owner): Promise<void> {
  await mkdir(path, { recursive: true, mode });
  const found = await stat(path);
  if (found.uid !== owner.uid || found.gid !== owner.gid) await chown(path, owner.uid, owner.gid);
  if ((found.mode & 0o777) !== mode) await chmod(path, mode);
}
