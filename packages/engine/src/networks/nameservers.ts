import { readTextIfPresent } from '../system/durable-file.ts';

/** Files with name servers, the first that has any a machine can reach wins. systemd-resolved keeps the real ones apart. */
const resolverFiles = ['/run/systemd/resolve/resolv.conf', '/etc/resolv.conf'];

/** IPv4 name servers of a resolv.conf that are not on the loopback of the host, at most three. */
export function parseNameservers(text: string): readonly string[] {
  const addresses = text
    .split('\n')
    .flatMap((line) => /^\s*nameserver\s+(\d+\.\d+\.\d+\.\d+)/.exec(line)?.[1] ?? []);
  return addresses.filter((address) => !address.startsWith('127.')).slice(0, 3);
}

/** The name servers of the machines: the configured ones, else the host’s. */
export async function findNameservers(configured: string): Promise<readonly string[]> {
  const given = configured.split(/\s+/).filter(Boolean);
  if (given.length > 0) return given;
  for (const file of resolverFiles) {
    const found = parseNameservers((await readTextIfPresent(file)) ?? '');
    if (found.length > 0) return found;
  }
  return [];
}
