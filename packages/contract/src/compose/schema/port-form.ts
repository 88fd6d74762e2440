import { z } from 'zod';

const addressSchema = z.union([z.ipv4(), z.ipv6()]);

const mostPorts = 65_535;

/** No entry is that long, and taking one apart takes time. */
const longest = 200;

/** Whether Docker Compose takes it for an entry of `ports:`, as in `80`, `127.0.0.1:8000-8010:80-90/udp` or `[::1]:8080:80`. */
export function isPortForm(text: string): boolean {
  if (text.length > longest) return false;
  const parts = text.replace(/\/(tcp|udp|sctp)$/i, '').split(/:(?![^[]*\])/);
  const [container = '', host = '', address = '', ...more] = parts.toReversed();
  if (more.length > 0) return false;
  const bare = address.replace(/^\[(.*)\]$/, '$1');
  if (bare !== '' && !addressSchema.safeParse(bare).success) return false;
  const inside = countPorts(container);
  const outside = host === '' ? inside : countPorts(host);
  // One port of the container may be given any of a range of the host.
  return inside > 0 && outside > 0 && (inside === 1 || inside === outside);
}

/** How many ports a range has; 0 for what is none. */
function countPorts(text: string): number {
  const [, first, last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? [];
  const count = Number(last) - Number(first) + 1;
  return Number(last) <= mostPorts && count > 0 ? count : 0;
}
