import { logEntry } from '../log-entry.ts';

/** What Caddy says each time that an authority gave it none; other lines about a certificate are no refusals. */
const refusal = 'could not get certificate from issuer';

/** Why an authority gave no certificate for each of some hosts, as Caddy’s log says since a moment (seconds since 1970); the newest counts. */
export function refusalsIn(
  log: string,
  hosts: readonly string[],
  since: number,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const line of log.split('\n')) {
    const { ['msg']: msg, ['ts']: ts, ['identifier']: identifier, ['error']: error } = logEntry(line);
    if (msg !== refusal || typeof identifier !== 'string' || typeof error !== 'string') continue;
    if (hosts.includes(identifier) && typeof ts === 'number' && ts >= since) found.set(identifier, error);
  }
  return found;
}

/** The host whose certificate and key Caddy found not to be a pair, by what it says of a configuration; null of anything else. */
export function misfitIn(said: string): string | null {
  const pattern = /([a-z0-9.-]+): caching certificate: tls: private key does not match public key/;
  return pattern.exec(said)?.[1] ?? null;
}
