// Whether a credential can be of any use, before it is kept. What opens a registry is tried there; what opens repositories is first
// tried with one of them.
import { writeFile } from 'node:fs/promises';
import { placeFault, readPlace } from '@playhouse/contract/credential-place';
import type { NewCredential } from '@playhouse/contract/credential';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { run } from '../system/run.ts';

/** `folder` is a private one. Gives the public half of a key. @throws PlayhouseError credential-invalid */
export async function checkCredential(credential: NewCredential, folder: string): Promise<string | null> {
  const { kind, name, place, username, secret } = credential;
  const refused = (detail: string) => new PlayhouseError('credential-invalid', { name, detail });
  const fault = placeFault(credential);
  if (fault !== null) throw refused(fault);
  if (kind === 'registry') {
    if (username === '') throw refused('a registry asks for a user name');
    return null;
  }
  const host = readPlace(place)?.host ?? '';
  if (kind === 'key') return await checkKey(credential, host, folder, refused);
  if (/[\n\r\0]/.test(secret + username)) throw refused('neither token nor user name can have several lines');
  return null;
}

async function checkKey(
  { secret, knownHosts }: NewCredential,
  host: string,
  folder: string,
  refused: (detail: string) => PlayhouseError,
): Promise<string> {
  const [keyFile, hostsFile] = [`${folder}/key`, `${folder}/known_hosts`];
  await writeFile(keyFile, withNewline(secret), { mode: 0o600 });
  const read = await run(['ssh-keygen', '-y', '-P', '', '-f', keyFile]);
  if (read.exitCode !== 0)
    throw refused('it is no private key of OpenSSH, or it has a passphrase, which nobody could be asked for');
  await writeFile(hostsFile, withNewline(knownHosts), { mode: 0o600 });
  const [name = '', port] = host.split(':');
  const asked = port === undefined ? name : `[${name}]:${port}`;
  const found = await run(['ssh-keygen', '-F', asked, '-f', hostsFile]);
  if (found.exitCode !== 0 || found.stdout.trim() === '')
    throw refused(`among the known hosts there is none that is called ${asked}`);
  return read.stdout.trim();
}

export function withNewline(text: string): string {
  return `${text.replaceAll('\r\n', '\n').trimEnd()}\n`;
}
