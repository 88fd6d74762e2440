import { chmod, mkdir, stat } from 'node:fs/promises';
import type { sharedPaths } from '@playhouse/contract/state-directory';

type Paths = ReturnType<typeof sharedPaths>;

/** Makes the folders that both services need; what only one of them uses it makes itself. Safe to repeat. */
export async function ensureStateDirectories(paths: Pick<Paths, 'root' | 'run' | 'logs'>): Promise<void> {
  for (const path of [paths.root, paths.run, paths.logs]) {
    await mkdir(path, { recursive: true, mode: 0o755 });
    // The server, which is not root, must be able to pass through.
    const { mode } = await stat(path);
    if ((mode & 0o111) !== 0o111) await chmod(path, (mode & 0o7777) | 0o111);
  }
}
