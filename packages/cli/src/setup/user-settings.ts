import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import {
  type Credentials,
  credentialsFile,
  parseCredentials,
  replaceCredentials,
  settingsDirectory,
  withServer,
  writeCredentials,
} from '../connection/credentials.ts';
import { heldPath, openOwnedFolder, type Owner } from '../connection/owned-folder.ts';
import { findUser, type SystemUser } from './system-user.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface NotedCredentials {
  /** Number of files changed. */
  readonly changed: number;
  /** Why the file of the user behind sudo was left alone; null when nothing was in the way. */
  readonly refused: string | null;
}

/** Notes server and token for root and for the user behind sudo. */
export async function noteCredentials(
  environment: Environment,
  endpoint: string,
  token: string,
  find: typeof findUser = findUser,
): Promise<NotedCredentials> {
  const name = environment['SUDO_USER'];
  const person = name && name !== 'root' ? await find(name) : null;
  const own = settingsDirectory(environment);
  // `sudo -E` keeps the user's HOME: then root's settings and the user's are the same.
  const shared = person !== null && namesBelow(person.home, own) !== null;
  let changed = 0;
  if (!shared && (await writeCredentials(own, endpoint, token))) changed += 1;
  if (person === null) return { changed, refused: null };
  const directory = shared ? own : settingsDirectory({ HOME: person.home });
  try {
    if (await writeCredentialsFor(person, directory, endpoint, token)) changed += 1;
    return { changed, refused: null };
  } catch (error) {
    // Without the note `up` is as good: the user names a token instead.
    return { changed, refused: (error as Error).message };
  }
}

/**
 * Notes a server and its token in a folder below another user's home, as a file of that user. Follows no link there and
 * reads only what is the user's own. Returns false when both were there already.
 * @throws UnsafeFolder
 */
export async function writeCredentialsFor(
  person: Pick<SystemUser, 'uid' | 'gid' | 'home'>,
  directory: string,
  endpoint: string,
  token: string,
): Promise<boolean> {
  const folder = await openOwnedFolder(person.home, namesBelow(person.home, directory) ?? [], person);
  try {
    const content = withServer(await readOwnCredentials(folder, person), endpoint, token);
    if (content === null) return false;
    await replaceCredentials(heldPath(folder), content, (file) => file.chown(person.uid, person.gid));
    return true;
  } finally {
    await folder.close();
  }
}

/** The credentials unless they are a link, a pipe or a file of somebody else, whose tokens the user must not get. */
export async function readOwnCredentials(folder: FileHandle, owner: Owner): Promise<Credentials | null> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(credentialsFile(heldPath(folder)), flags).catch(() => null);
  if (file === null) return null;
  try {
    const found = await file.stat();
    return found.isFile() && found.uid === owner.uid ? parseCredentials(await file.readFile('utf8')) : null;
  } finally {
    await file.close();
  }
}

/** The names on the way from `home` down to `directory`; null when it is not below. */
export function namesBelow(home: string, directory: string): readonly string[] | null {
  const names = relative(home, directory).split(sep);
  return names[0] === '' || names[0] === '..' ? null : names;
}
