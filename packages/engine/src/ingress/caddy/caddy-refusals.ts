import { logEntry } from '../log-entry.ts';
import type { ReadRefusal } from '../refusals.ts';

/** What Caddy says each time that an authority gave it none; other lines about a certificate are no refusals. */
const refusal = 'could not get certificate from issuer';

export const caddyRefusal: ReadRefusal = ({ msg, ts, identifier, error }) =>
  msg === refusal && typeof error === 'string' && typeof ts === 'number'
    ? { hosts: [identifier], why: error, at: ts * 1000 }
    : null;

/**
 * The host whose certificate and key Caddy found not to be a pair, by what it says: when it refuses a configuration, or, since 2.7,
 * in its log. Null of anything else.
 */
export function misfitIn(said: string): string | null {
  const pattern =
    /([a-z0-9.-]+): caching certificate: (?:unusable certificate: )?tls: private key does not match public key/;
  return pattern.exec(said)?.[1] ?? null;
}

/** The same in a log, of what was said since a moment (ms since 1970). */
export function misfitSince(log: string, since: number): string | null {
  for (const line of log.split('\n')) {
    const { ts, error } = logEntry(line);
    const host = typeof ts === 'number' && ts * 1000 >= since ? misfitIn(String(error)) : null;
    if (host !== null) return host;
  }
  return null;
}
