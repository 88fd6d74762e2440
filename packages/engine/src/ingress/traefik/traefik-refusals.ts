import { logEntry } from '../log-entry.ts';

/** Why an authority gave no certificate for each of some hosts, as Traefik’s log says since a moment (ms since 1970); the newest counts. */
export function traefikRefusals(
  log: string,
  hosts: readonly string[],
  since: number,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const line of log.split('\n')) {
    const { ['message']: message, ['time']: time, ['error']: error, ['domains']: domains } = logEntry(line);
    if (
      typeof message !== 'string' ||
      !message.includes('obtain ACME certificate') ||
      typeof error !== 'string'
    )
      continue;
    // It writes whole seconds.
    if (typeof time !== 'string' || Date.parse(time) < since - 1000) continue;
    const of = Array.isArray(domains) ? domains : [];
    for (const host of hosts) if (of.includes(host)) found.set(host, error);
  }
  return found;
}
