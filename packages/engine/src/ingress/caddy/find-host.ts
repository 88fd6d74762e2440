import type { Json } from './caddy-json.ts';

interface HostRoutes {
  readonly host: string;
  readonly routes: readonly Json[];
}

/** As many hosts as are looked through one by one. */
const few = 8;

/**
 * Routes that lead to those of a host. Caddy tries one route after the other, and each that does not fit costs every request
 * something; so hosts are put into groups, about as many as each has hosts, and a group that has the host is looked through alone.
 * `otherwise` is what a host of a group answers that has no route for a path.
 */
export function findHost(hosts: readonly HostRoutes[], otherwise: Json): readonly Json[] {
  if (hosts.length <= few) return hosts.flatMap(({ routes }) => routes);
  const size = Math.ceil(Math.sqrt(hosts.length));
  const groups = Array.from({ length: Math.ceil(hosts.length / size) }, (_, index) =>
    hosts.slice(index * size, (index + 1) * size),
  );
  return groups.map((group) => ({
    match: [{ host: group.map(({ host }) => host) }],
    handle: [{ handler: 'subroute', routes: [...group.flatMap(({ routes }) => routes), otherwise] }],
    terminal: true,
  }));
}
