import { lstatSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/**
 * A path with all symbolic links followed, as far as there is something: what is yet to be made has no links. A link that leads to
 * nothing can lead anywhere tomorrow, and is `/`.
 */
export function realPathOf(path: string): string {
  const plain = resolve(path);
  try {
    return realpathSync(plain);
  } catch {
    if (plain === '/' || lstatSync(plain, { throwIfNoEntry: false })?.isSymbolicLink() === true) return '/';
    return join(realPathOf(dirname(plain)), basename(plain));
  }
}
