// ~/.config/playhouse/credentials.json: which server this user talks to, and the tokens that open servers, by endpoint,
// so that a token is never sent to another server than its own.
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

export interface Credentials {
  /** The server used when none is named. */
  readonly endpoint: string;
  readonly tokens: Readonly<Record<string, string>>;
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

/** The content of a credentials file; null when it cannot be understood. */
export function parseCredentials(text: string): Credentials | null {
  try {
    const value = JSON.parse(text) as Partial<Credentials> | null;
    if (typeof value?.endpoint !== 'string' || typeof value.tokens !== 'object') return null;
    return { endpoint: value.endpoint, tokens: value.tokens };
  } catch {
    return null;
  }
}

/** The stored credentials; null when there are none or the file cannot be understood. */
export async function readCredentials(directory: string): Promise<Credentials | null> {
  return parseCredentials(await readFile(credentialsFile(directory), 'utf8').catch(() => ''));
}

/** The credentials with that server and token, keeping the tokens of others; null when they were there already. */
export function withServer(old: Credentials | null, endpoint: string, token: string): Credentials | null {
  if (old?.endpoint === endpoint && old.tokens[endpoint] === token) return null;
  return { endpoint, tokens: { ...old?.tokens, [endpoint]: token } };
}

/** Notes a server and its token in a folder of this user (mode 0600). Returns false when both were there already. */
export async function writeCredentials(directory: string, endpoint: string, token: string): Promise<boolean> {
  const content = withServer(await readCredentials(directory), endpoint, token);
  if (content === null) return false;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await replaceCredentials(directory, content, async () => undefined);
  return true;
}

/**
 * Puts the file into place by rename. `prepare` gets the new file while it is still empty. Nothing that lies there already
 * is opened, whoever put it there.
 */
export async function replaceCredentials(
  directory: string,
  content: Credentials,
  prepare: (file: FileHandle) => Promise<void>,
): Promise<void> {
  const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
  const temporary = join(directory, `.credentials-${randomBytes(8).toString('hex')}`);
  const file = await open(temporary, O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY, 0o600);
  try {
    try {
      await prepare(file);
      await file.writeFile(`${JSON.stringify(content, null, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, credentialsFile(directory));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
