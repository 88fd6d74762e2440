import type { ReadRefusal } from '../refusals.ts';

/** What Caddy says each time that an authority gave it none; other lines about a certificate are no refusals. */
const refusal = 'could not get certificate from issuer';

export const caddyRefusal: ReadRefusal = ({ msg, ts, identifier, error }) =>
  msg === refusal && typeof error === 'string' && typeof ts === 'number'
    ? { hosts: [identifier], why: error, at: ts * 1000 }
    : null;

/** The host whose certificate and key Caddy found not to be a pair, by what it says of a configuration; null of anything else. */
export function misfitIn(said: string): string | null {
  const pattern = /([a-z0-9.-]+): caching certificate: tls: private key does not match public key/;
  return pattern.exec(said)?.[1] ?? null;
}
