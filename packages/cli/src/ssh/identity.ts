import { link, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runOrFail } from '../system/run-command.ts';

export interface Identity {
  /** File of the private key. */
  readonly file: string;
  /** One OpenSSH public key line. */
  readonly publicKey: string;
}

/**
 * The user's own key pair for machines, made at first use. Several first uses at the same time get the same pair.
 * @throws PlayhouseError command-missing, command-failed
 */
export async function ensureIdentity(settingsDirectory: string): Promise<Identity> {
  const file = join(settingsDirectory, 'ssh_identity');
  if ((await readOptional(file)) === null) await generate(settingsDirectory, file);
  const publicKey = (await readOptional(`${file}.pub`)) ?? (await derivePublicKey(settingsDirectory, file));
  return { file, publicKey: publicKey.trim() };
}

/** Appears whole or not at all; a private key that came first stays. */
async function generate(settingsDirectory: string, file: string): Promise<void> {
  await mkdir(settingsDirectory, { recursive: true, mode: 0o700 });
  // Of a private key that is gone. Whoever else makes a pair now derives it anew.
  await rm(`${file}.pub`, { force: true });
  await inFolderBeside(settingsDirectory, async (folder) => {
    const made = join(folder, 'key');
    await runOrFail(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', 'playhouse', '-f', made]);
    if (await linkUnlessThere(made, file)) await linkUnlessThere(`${made}.pub`, `${file}.pub`);
  });
}

async function derivePublicKey(settingsDirectory: string, file: string): Promise<string> {
  const key = await runOrFail(['ssh-keygen', '-y', '-P', '', '-f', file]);
  await inFolderBeside(settingsDirectory, async (folder) => {
    const made = join(folder, 'key.pub');
    await writeFile(made, key, { mode: 0o644 });
    await linkUnlessThere(made, `${file}.pub`);
  });
  return key;
}

async function inFolderBeside(
  settingsDirectory: string,
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(settingsDirectory, '.ssh_identity-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function linkUnlessThere(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function readOptional(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
