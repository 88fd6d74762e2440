// ~/.config/playhouse/credentials.json: which server this user talks to, and the tokens that open servers, by endpoint,
// so that a token is never sent to another server than its own.
import { chown, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

export interface Credentials {
  /** The server used when none is named. */
  readonly endpoint: string;
  readonly tokens: Readonly<Record<string, string>>;
}

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The user's own folder of Playhouse settings. */
export function settingsDirectory(environment: Environment): string {
  return join(
    environment['XDG_CONFIG_HOME'] || join(environment['HOME'] || homedir(), '.config'),
    'playhouse',
  );
}

export function credentialsFile(directory: string): string {
  return join(directory, 'credentials.json');
}

/** The stored credentials; null when there are none or the file cannot be understood. */
export async function readCredentials(directory: string): Promise<Credentials | null> {
  try {
    const value = JSON.parse(
      await readFile(credentialsFile(directory), 'utf8'),
    ) as Partial<Credentials> | null;
    if (typeof value?.endpoint !== 'string' || typeof value.tokens !== 'object') return null;
    return { endpoint: value.endpoint, tokens: value.tokens };
  } catch {
    return null;
  }
}

/**
 * Notes a server and its token (mode 0600), keeping the tokens of others. `owner` is given when root writes for another
 * user. Returns false when everything was there already.
 */
export async function writeCredentials(
  directory: string,
  endpoint: string,
  token: string,
  owner: Owner | null,
): Promise<boolean> {
  const old = await readCredentials(directory);
  if (old?.endpoint === endpoint && old.tokens[endpoint] === token) return false;
  const created = await mkdir(directory, { recursive: true, mode: 0o700 });
  const file = credentialsFile(directory);
  const content: Credentials = { endpoint, tokens: { ...old?.tokens, [endpoint]: token } };
  await writeFile(`${file}.new`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  if (owner !== null) {
    await chown(`${file}.new`, owner.uid, owner.gid);
    for (const made of foldersBetween(created, directory)) await chown(made, owner.uid, owner.gid);
  }
  await rename(`${file}.new`, file);
  return true;
}

/** The folders that `mkdir` made: from the first it created down to the asked one. */
function foldersBetween(first: string | undefined, last: string): readonly string[] {
  if (first === undefined) return [];
  const made = [last];
  for (let at = last; at !== first && at !== dirname(at);) made.push((at = dirname(at)));
  return made;
}
