import type { Stats } from 'node:fs';
import { lstat, readlink } from 'node:fs/promises';
import { isMissing } from '../system/durable-file.ts';

/** As many as Linux follows. */
const mostLinks = 40;

/**
 * Where a path of an unpacked image is on the host: links are followed as the machine would, so that none leads out of the
 * image. Null when there is nothing. Nobody may be changing the image meanwhile.
 */
export async function findInImage(root: string, path: string): Promise<string | null> {
  const ahead = path.split('/');
  const place: string[] = [];
  let followed = 0;
  while (ahead.length > 0) {
    const part = ahead.shift() ?? '';
    if (part === '' || part === '.') continue;
    if (part === '..') {
      place.pop();
      continue;
    }
    const here = [root, ...place, part].join('/');
    const stats = await statOf(here);
    if (stats === null) return null;
    if (!stats.isSymbolicLink()) {
      place.push(part);
      continue;
    }
    if (++followed > mostLinks) return null;
    const target = await readlink(here);
    if (target.startsWith('/')) place.length = 0;
    ahead.unshift(...target.split('/'));
  }
  return [root, ...place].join('/');
}

async function statOf(path: string): Promise<Stats | null> {
  try {
    return await lstat(path);
  } catch (error) {
    if (isMissing(error) || (error instanceof Error && 'code' in error && error.code === 'ENOTDIR'))
      return null;
    throw error;
  }
}
