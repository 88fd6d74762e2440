// From root to the server's own user, before any port, socket or database is opened. The order matters: folders while
// there is the right to make them, groups before the user, and a check that there is no way back.
import { chmodSync, chownSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { type Configuration, defaultConfigurationFile } from '@playhouse/contract/configuration';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { sharedPaths } from '@playhouse/contract/state-directory';

interface Account {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Makes the server's folders, and gives up root for `configuration.server.user` when started as root.
 * @throws PlayhouseError configuration-invalid when there is no such user; service-failed when root was not given up.
 */
export function settleAsUser(configuration: Configuration, passwd: () => string = readPasswd): void {
  const paths = sharedPaths(configuration);
  const root = process.getuid?.() === 0;
  const account = root ? findAccount(passwd(), configuration.server.user) : null;
  for (const folder of [paths.root, paths.run]) makePassable(folder, root);
  for (const folder of [paths.server, paths.serverRun]) makeOwn(folder, account);
  if (account !== null) become(configuration.server.user, account);
}

/** The user's ids in the text of /etc/passwd, or `configuration-invalid`. */
export function findAccount(passwd: string, user: string): Account {
  for (const line of passwd.split('\n')) {
    const [name, , uid, gid] = line.split(':');
    if (name === user && uid !== undefined && gid !== undefined) {
      if (Number(uid) === 0) throw invalidUser(`\`${user}\` is root, which the server must not be`);
      return { uid: Number(uid), gid: Number(gid) };
    }
  }
  throw invalidUser(`there is no user \`${user}\` on this host (\`sudo playhouse up\` makes \`playhouse\`)`);
}

function become(user: string, { uid, gid }: Account): void {
  // Missing in Node's types: https://nodejs.org/api/process.html#processinitgroupsuser-extragroup
  (process as NodeJS.Process & { initgroups: (user: string, group: number) => void }).initgroups(user, gid);
  process.setgid?.(gid);
  process.setuid?.(uid);
  const ids = [process.getuid?.(), process.geteuid?.(), process.getgid?.(), process.getegid?.()];
  const groups = process.getgroups?.() ?? [];
  if (ids.join() !== [uid, uid, gid, gid].join() || groups.includes(0) || canReturn()) {
    throw serviceFailed(`it could not become the user ${user}`);
  }
}

function canReturn(): boolean {
  try {
    process.setuid?.(0);
    return true;
  } catch {
    return false;
  }
}

/** A folder that every user may pass through but not list or write. One that exists keeps what it has. */
function makePassable(folder: string, root: boolean): void {
  mkdirSync(folder, { recursive: true });
  if (!root) return;
  const { mode } = statSync(folder);
  if ((mode & 0o111) !== 0o111) chmodSync(folder, (mode & 0o7777) | 0o111);
}

function makeOwn(folder: string, account: Account | null): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (account === null) return;
  chmodSync(folder, 0o700);
  chownSync(folder, account.uid, account.gid);
}

function readPasswd(): string {
  return readFileSync('/etc/passwd', 'utf8');
}

function invalidUser(detail: string): PlayhouseError {
  const file = process.env['PLAYHOUSE_CONFIG'] ?? defaultConfigurationFile;
  return new PlayhouseError('configuration-invalid', { detail: `server.user: ${detail}`, file });
}

function serviceFailed(detail: string): PlayhouseError {
  return new PlayhouseError('service-failed', { service: 'server', detail, log: 'its log' });
}
