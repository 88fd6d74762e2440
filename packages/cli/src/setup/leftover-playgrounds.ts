import { readdir } from 'node:fs/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';

/**
 * Only a server and its engine can destroy playgrounds; a purge must not take those away while one is left.
 * `program` is how the user calls the command.
 * @throws PlayhouseError playgrounds-left
 */
export async function requireNoPlaygrounds(stateDirectory: string, program: string): Promise<void> {
  const folder = `${stateDirectory}/playgrounds`;
  const left = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  if (left.length > 0) throw new PlayhouseError('playgrounds-left', { count: left.length, folder, program });
}
