// The only place that knows `openssl`. Keys are made here and handed over in files; hosts have been judged as host names.
import { generateKeyPairSync } from 'node:crypto';
import { runOrFail } from '../../system/run.ts';

/** A private key of the kind that every client takes, as PEM. */
export function newKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** Writes the certificate of an authority that signs itself: for itself, and for nothing below it that signs. */
export async function writeAuthority(
  name: string,
  days: number,
  { keyFile, certificateFile }: { readonly keyFile: string; readonly certificateFile: string },
): Promise<void> {
  await runOrFail([
    ...['openssl', 'req', '-x509', '-new', '-sha256', '-days', String(days), '-subj', `/CN=${name}`],
    ...['-key', keyFile, '-out', certificateFile],
    ...['-addext', 'basicConstraints=critical,CA:TRUE,pathlen:0'],
    ...['-addext', 'keyUsage=critical,keyCertSign,cRLSign'],
  ]);
}

/** Writes the certificate of some hosts, signed by an authority. */
export async function writeCertificate(
  hosts: readonly string[],
  days: number,
  files: {
    readonly keyFile: string;
    readonly certificateFile: string;
    readonly authorityKeyFile: string;
    readonly authorityFile: string;
  },
): Promise<void> {
  const names = hosts.map((host) => `DNS:${host}`).join(',');
  await runOrFail([
    // The common name may be no longer than 64 characters; nobody looks at it.
    ...['openssl', 'req', '-x509', '-new', '-sha256', '-days', String(days), '-subj', '/CN=Playhouse'],
    ...['-key', files.keyFile, '-out', files.certificateFile],
    ...['-CA', files.authorityFile, '-CAkey', files.authorityKeyFile],
    ...['-addext', `subjectAltName=${names}`, '-addext', 'basicConstraints=critical,CA:FALSE'],
    ...['-addext', 'keyUsage=critical,digitalSignature', '-addext', 'extendedKeyUsage=serverAuth'],
  ]);
}
