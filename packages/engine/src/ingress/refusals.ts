import { logEntry } from './log-entry.ts';

/** What a line of a proxy’s log says of an authority that gave no certificate. */
export interface Refusal {
  readonly hosts: readonly unknown[];
  readonly why: string;
  /** When it was said, in ms since 1970. */
  readonly at: number;
}

/** A refusal out of the fields of a line; null of any other line. */
export type ReadRefusal = (entry: Readonly<Record<string, unknown>>) => Refusal | null;

/** Why an authority gave no certificate for each of some hosts, as a log says since a moment (ms since 1970); the newest counts. Pure. */
export function refusalsIn(
  log: string,
  read: ReadRefusal,
  hosts: readonly string[],
  since: number,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const line of log.split('\n')) {
    const refusal = read(logEntry(line));
    if (refusal === null || !(refusal.at >= since)) continue;
    for (const host of hosts) if (refusal.hosts.includes(host)) found.set(host, refusal.why);
  }
  return found;
}
