// Root at work in the home of somebody who may put links anywhere, at any moment. So each folder is held open by descriptor,
// links are not followed, and everything is reached through the descriptor: /proc/self/fd/N/name is openat(2) in Node.js.
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, readdir } from 'node:fs/promises';

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** A folder that cannot be used safely; the message says which and why. */
export class UnsafeFolder extends Error {}

const asFolder = constants.O_RDONLY | constants.O_DIRECTORY;
const noLink = asFolder | constants.O_NOFOLLOW;

/** The path of an open folder, or of something in it, that no rename or link can turn elsewhere. */
export function heldPath(folder: FileHandle, name = ''): string {
  return `/proc/self/fd/${folder.fd}${name === '' ? '' : `/${name}`}`;
}

/**
 * Opens the folder `names` below `home`, making what is missing with mode 0700 for its owner. The caller closes it.
 * @throws UnsafeFolder when `home` or a folder on the way is not the owner's, or is a link
 */
export async function openOwnedFolder(
  home: string,
  names: readonly string[],
  owner: Owner,
): Promise<FileHandle> {
  // The way to the home is the host's own and may hold links (/home on another disk).
  let folder = await open(home, asFolder);
  let path = home;
  try {
    await requireOwner(folder, owner, path);
    for (const name of names) {
      path = `${path}/${name}`;
      const next = await enter(folder, name, owner, path);
      await folder.close();
      folder = next;
    }
    return folder;
  } catch (error) {
    await folder.close();
    throw error;
  }
}

async function enter(parent: FileHandle, name: string, owner: Owner, path: string): Promise<FileHandle> {
  const made = await mkdir(heldPath(parent, name), { mode: 0o700 }).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false;
      throw error;
    },
  );
  const folder = await open(heldPath(parent, name), noLink).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOTDIR' && error.code !== 'ELOOP') throw error;
    throw new UnsafeFolder(`${path} is a symbolic link or no folder`, { cause: error });
  });
  try {
    // Something of root's may have been moved here in between; giving away an empty folder does no harm.
    if (made && (await readdir(heldPath(folder))).length === 0) await folder.chown(owner.uid, owner.gid);
    await requireOwner(folder, owner, path);
    return folder;
  } catch (error) {
    await folder.close();
    throw error;
  }
}

async function requireOwner(folder: FileHandle, owner: Owner, path: string): Promise<void> {
  if ((await folder.stat()).uid !== owner.uid) throw new UnsafeFolder(`${path} belongs to another user`);
}
