import { readFile } from 'node:fs/promises';
import type { Owner } from '../connection/owned-folder.ts';
import { runOrFail } from '../system/run-command.ts';

export interface SystemUser extends Owner {
  readonly name: string;
  readonly home: string;
}

/** A user of /etc/passwd; null when there is none of that name. */
export function parsePasswd(text: string, name: string): SystemUser | null {
  for (const line of text.split('\n')) {
    const [found, , uid, gid, , home = ''] = line.split(':');
    if (found === name) return { name, uid: Number(uid), gid: Number(gid), home };
  }
  return null;
}

export async function findUser(name: string): Promise<SystemUser | null> {
  return parsePasswd(await readFile('/etc/passwd', 'utf8'), name);
}

/** Makes a user that nobody can log in as, with a group of its own; `groups` are further ones. */
export function useraddArgv(name: string, groups: readonly string[]): readonly string[] {
  const more = groups.length > 0 ? ['--groups', groups.join(',')] : [];
  const nobody = ['--home-dir', '/nonexistent', '--no-create-home', '--shell', '/usr/sbin/nologin'];
  return ['useradd', '--system', '--user-group', ...nobody, ...more, name];
}

/**
 * The user, made when it is not there. Resolves with whether it was made.
 * @throws PlayhouseError command-failed
 */
export async function ensureUser(name: string, wantedGroups: readonly string[]): Promise<boolean> {
  if ((await findUser(name)) !== null) return false;
  const known = (await readFile('/etc/group', 'utf8')).split('\n').map((line) => line.split(':')[0]);
  await runOrFail(
    useraddArgv(
      name,
      wantedGroups.filter((group) => known.includes(group)),
    ),
  );
  return true;
}
