// Whom Git believes that a server is the one that its address names.
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';

/** Debian’s folder of the authorities that a host trusts: a file of one’s own takes the place of their file, but not of it. */
const ofTheHost = '/etc/ssl/certs';

/**
 * Settings of Git that have it trust the authorities of a file besides those of the host; `file` is empty for none. It is read
 * anew each time.
 * @throws PlayhouseError git-authority-unfit
 */
export async function gitAuthorities(url: string, file: string): Promise<Readonly<Record<string, string>>> {
  if (!url.startsWith('https:') || file === '') return {};
  try {
    new X509Certificate(await readFile(file));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PlayhouseError('git-authority-unfit', { file, reason });
  }
  return { 'http.sslCAInfo': file, 'http.sslCAPath': ofTheHost };
}
