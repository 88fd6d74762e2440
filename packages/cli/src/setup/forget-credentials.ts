import { rmdir, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  type Credentials,
  credentialsFile,
  replaceCredentials,
  settingsDirectory,
} from '../connection/credentials.ts';
import { heldPath, openOwnedFolder, type Owner } from '../connection/owned-folder.ts';
import { findUser, type SystemUser } from './system-user.ts';
import { namesBelow, readOwnCredentials } from './user-settings.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Takes back what noteCredentials noted, of root and of the user behind sudo: the token, if it is still that one, and file and
 * folder where nothing else is in them. What a user was logged in with, and keys for SSH, are theirs and stay.
 */
export async function forgetCredentials(
  environment: Environment,
  endpoint: string,
  token: string,
  find: typeof findUser = findUser,
): Promise<void> {
  const root = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  const own = settingsDirectory(environment);
  await forgetIn(dirname(dirname(own)), own, root, endpoint, token);
  const name = environment['SUDO_USER'];
  const person = name && name !== 'root' ? await find(name) : null;
  if (person === null) return;
  for (const directory of new Set([own, settingsDirectory({ HOME: person.home })]))
    await forgetIn(person.home, directory, person, endpoint, token);
}

/** Silent where there is nothing, and where it lies in a folder that is not the owner’s. */
async function forgetIn(
  home: SystemUser['home'],
  directory: string,
  owner: Owner,
  endpoint: string,
  token: string,
): Promise<void> {
  const names = namesBelow(home, directory);
  // To open the folder would make it.
  if (names === null || (await stat(credentialsFile(directory)).catch(() => null)) === null) return;
  const folder = await openOwnedFolder(home, names, owner).catch(() => null);
  if (folder === null) return;
  try {
    const old = await readOwnCredentials(folder, owner);
    if (old?.tokens[endpoint] !== token) return;
    const rest = without(old, endpoint);
    if (rest === null) await unlink(credentialsFile(heldPath(folder)));
    else await replaceCredentials(heldPath(folder), rest, (file) => file.chown(owner.uid, owner.gid));
  } finally {
    await folder.close();
  }
  const parent = await openOwnedFolder(home, names.slice(0, -1), owner).catch(() => null);
  if (parent === null) return;
  try {
    await rmdir(join(heldPath(parent), names.at(-1) ?? '')).catch(() => undefined);
  } finally {
    await parent.close();
  }
}

/** Null when no other server is left. */
function without({ endpoint: used, tokens }: Credentials, endpoint: string): Credentials | null {
  const { [endpoint]: _gone, ...rest } = tokens;
  const [next] = Object.keys(rest);
  return next === undefined ? null : { endpoint: used === endpoint ? next : used, tokens: rest };
}
