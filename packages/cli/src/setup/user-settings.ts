import { join } from 'node:path';
import { settingsDirectory, writeCredentials } from '../connection/credentials.ts';
import { findUser } from './system-user.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Notes server and token for root and for the user behind sudo. Resolves with the number of files changed. */
export async function noteCredentials(
  environment: Environment,
  endpoint: string,
  token: string,
): Promise<number> {
  const changes = [await writeCredentials(settingsDirectory(environment), endpoint, token, null)];
  const person = environment['SUDO_USER'];
  const user = person && person !== 'root' ? await findUser(person) : null;
  if (user !== null)
    changes.push(await writeCredentials(join(user.home, '.config/playhouse'), endpoint, token, user));
  return changes.filter(Boolean).length;
}
