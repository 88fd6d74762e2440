import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { whyUnreadable } from '@playhouse/contract/errors/why-unreadable';

/**
 * The text of a file, or of standard input for `-`.
 * @throws PlayhouseError file-unreadable
 */
export async function readInput(file: string): Promise<string> {
  try {
    return file === '-' ? await text(process.stdin) : await readFile(file, 'utf8');
  } catch (cause) {
    throw new PlayhouseError('file-unreadable', { file, detail: whyUnreadable(cause) }, { cause });
  }
}
