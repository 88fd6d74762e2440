import { isIPv6 } from 'node:net';

/** Groups of an IPv6 address that name a network: whoever has one has all 2^64 addresses of it. */
const networkGroups = 4;

/** What is one client to a limit: an IPv4 address, or the /64 network of an IPv6 address. */
export function clientNetwork(address: string): string {
  const mapped = /^::ffff:([\d.]+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [before = '', after = ''] = address.split('::').map((part) => part.replace(/%.*/, ''));
  const [front, back] = [before, after].map((part) => part.split(':').filter(Boolean)) as [
    string[],
    string[],
  ];
  const zeros = Array.from({ length: Math.max(0, 8 - front.length - back.length) }, () => '0');
  const groups = address.includes('::') ? [...front, ...zeros, ...back] : front;
  const network = groups.slice(0, networkGroups).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(':')}::/64`;
}
