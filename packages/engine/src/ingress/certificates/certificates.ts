// Where the certificates of the addresses come from.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';

/** A certificate that the administrator brought, with its chain, and its key; both PEM. */
export interface OwnCertificate {
  readonly chain: string;
  readonly key: string;
  /** True for hosts that it is for. */
  readonly fits: (host: string) => boolean;
}

export interface Certificates {
  /** Who signs: the authority of the installation itself, or one that speaks ACME. */
  readonly issuer:
    | { readonly kind: 'internal' }
    | {
        readonly kind: 'acme';
        readonly directory: string;
        /** Where the authority writes when something is wrong; may be empty. */
        readonly email: string;
        /** File with the authority that vouches for the directory itself; empty for those that everybody knows. */
        readonly authorityFile: string;
      };
  /** Files of a certificate that hosts have which it fits, with the key; empty for none. */
  readonly certificateFile: string;
  readonly keyFile: string;
}

/** Hosts whose certificates an ACME authority is to sign: not those that have one of the administrator’s, and no local names. */
export function isForAcme({ issuer }: Certificates, own: OwnCertificate | null, host: string): boolean {
  const local = host === 'localhost' || host.endsWith('.localhost');
  return issuer.kind === 'acme' && !local && own?.fits(host) !== true;
}

/**
 * The administrator’s certificate as its files have it now; null when none was named.
 * @throws PlayhouseError certificate-unfit
 */
export async function readOwnCertificate(
  { certificateFile, keyFile }: Pick<Certificates, 'certificateFile' | 'keyFile'>,
  now: number,
): Promise<OwnCertificate | null> {
  if (certificateFile === '' && keyFile === '') return null;
  if (certificateFile === '' || keyFile === '')
    throw unfit(certificateFile || keyFile, 'a certificate and its key are needed, in a file each');
  const chain = await read(certificateFile);
  const key = await read(keyFile);
  const certificate = parsed(certificateFile, () => new X509Certificate(chain));
  const privateKey = parsed(keyFile, () => createPrivateKey(key));
  if (!certificate.checkPrivateKey(privateKey))
    throw unfit(certificateFile, `its key is not that of ${keyFile}`);
  if (certificate.validToDate.getTime() <= now)
    throw unfit(certificateFile, `it was valid until ${certificate.validTo}`);
  if (certificate.validFromDate.getTime() > now)
    throw unfit(certificateFile, `it is valid from ${certificate.validFrom} only`);
  return { chain, key, fits: (host) => certificate.checkHost(host) !== undefined };
}

async function read(file: string): Promise<string> {
  return await readFile(file, 'utf8').catch((error: unknown) => {
    throw unfit(file, error instanceof Error ? error.message : String(error));
  });
}

function parsed<Result>(file: string, parse: () => Result): Result {
  try {
    return parse();
  } catch (error) {
    throw unfit(file, `it is not PEM: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function unfit(file: string, reason: string): PlayhouseError {
  return new PlayhouseError('certificate-unfit', { file, reason });
}
