import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';

/**
 * The text of a file, or of standard input for `-`.
 * @throws PlayhouseError file-unreadable
 */
export async function readInput(file: string): Promise<string> {
  try {
    return file === '-' ? await text(process.stdin) : await readFile(file, 'utf8');
  } catch (cause) {
    const detail =
      (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (cause as Error).message;
    throw new PlayhouseError('file-unreadable', { file, detail }, { cause });
  }
}
