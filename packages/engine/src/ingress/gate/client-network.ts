import ipaddr from 'ipaddr.js';

/** Groups of an IPv6 address that name a network: whoever has one has all 2^64 addresses of it. */
const networkGroups = 4;

/** What is one client to a limit: an IPv4 address, or the /64 network of an IPv6 address. */
export function clientNetwork(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  // An IPv4 address in the form of IPv6 is the former.
  const client = ipaddr.process(address);
  if (!('parts' in client)) return client.toString();
  const network = client.parts.slice(0, networkGroups).map((group) => group.toString(16));
  return `${network.join(':')}::/64`;
}
