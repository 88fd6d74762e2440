import { readdir } from 'node:fs/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';

/**
 * Only a server and its engine can destroy playgrounds; a purge must not take those away while one is left.
 * `program` is how the user calls the command.
 * @throws PlayhouseError playgrounds-left
 */
export async function requireNoPlaygrounds(stateDirectory: string, program: string): Promise<void> {
  // Of machines, and of Compose services.
  const folders = ['playgrounds', 'services'].map((name) => `${stateDirectory}/${name}`);
  const left = await Promise.all(folders.map(async (folder) => (await namesIn(folder)).length));
  const count = left.reduce((sum, own) => sum + own, 0);
  const folder = folders.filter((_, index) => left[index] !== 0).join(' and ');
  if (count > 0) throw new PlayhouseError('playgrounds-left', { count, folder, program });
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
}
