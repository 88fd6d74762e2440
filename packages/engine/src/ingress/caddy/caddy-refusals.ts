/** Why Caddy got no certificate for each of some hosts, as its log says since a moment (seconds since 1970); the newest reason counts. */
export function refusalsIn(
  log: string,
  hosts: readonly string[],
  since: number,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const line of log.split('\n')) {
    const { ts, identifier, error } = entryOf(line);
    if (typeof identifier !== 'string' || typeof error !== 'string') continue;
    if (hosts.includes(identifier) && typeof ts === 'number' && ts >= since) found.set(identifier, error);
  }
  return found;
}

function entryOf(line: string): {
  readonly ts?: unknown;
  readonly identifier?: unknown;
  readonly error?: unknown;
} {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {}; // the line is still being written
  }
}
