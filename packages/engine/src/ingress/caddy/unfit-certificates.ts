// Keys and certificates that Caddy wrote do not fit together when it was interrupted between the two.
import { namesIn } from '../../system/durable-file.ts';

/** The host whose certificate is not that of its key, as Caddy says when it refuses a configuration; null for other refusals. */
export function hostOfUnfit(refusal: string): string | null {
  const [, host = null] =
    /([a-z0-9.*-]+): caching certificate: tls: private key does not match public key/.exec(refusal) ?? [];
  return host;
}

/** Where Caddy keeps what it has for a host: a folder for each issuer. */
export async function certificateFolders(storage: string, host: string): Promise<readonly string[]> {
  const root = `${storage}/certificates`;
  return (await namesIn(root)).map((issuer) => `${root}/${issuer}/${host.replace('*', 'wildcard_')}`);
}
