import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runOrFail } from '../system/run-command.ts';

export interface Identity {
  /** File of the private key. */
  readonly file: string;
  /** One OpenSSH public key line. */
  readonly publicKey: string;
}

/**
 * The user's own key pair for machines, made at first use.
 * @throws PlayhouseError command-missing, command-failed
 */
export async function ensureIdentity(settingsDirectory: string): Promise<Identity> {
  const file = join(settingsDirectory, 'ssh_identity');
  const publicKey = async (): Promise<Identity> => ({
    file,
    publicKey: (await readFile(`${file}.pub`, 'utf8')).trim(),
  });
  try {
    return await publicKey();
  } catch {
    await mkdir(settingsDirectory, { recursive: true, mode: 0o700 });
    await runOrFail(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', 'playhouse', '-f', file]);
    return publicKey();
  }
}
