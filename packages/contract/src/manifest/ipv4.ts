// Arithmetic on IPv4 addresses as unsigned 32-bit numbers. Pure; knows nothing of manifests.

export interface Subnet {
  /** First address, the network address itself. */
  readonly network: number;
  /** Last address. */
  readonly broadcast: number;
  readonly prefix: number;
}

/** Reads `172.16.0.1`; undefined for anything else, also for leading zeros, which other programs read as octal. */
export function parseIpv4(text: string): number | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255))
    return undefined;
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0);
}

export function formatIpv4(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
}

/** Splits `172.16.0.1/24` into address and prefix (undefined when there is none); undefined when it is neither. */
export function parseInterfaceAddress(
  text: string,
): { address: number; prefix: number | undefined } | undefined {
  const [address = '', mask, ...rest] = text.split('/');
  const parsed = parseIpv4(address);
  if (parsed === undefined || rest.length > 0) return undefined;
  if (mask === undefined) return { address: parsed, prefix: undefined };
  return /^([0-9]|[12][0-9]|3[0-2])$/.test(mask) ? { address: parsed, prefix: Number(mask) } : undefined;
}

/** Reads `172.16.0.0/24`; host bits are cleared, so compare with `formatSubnet` to find out whether there were some. */
export function parseSubnet(text: string): Subnet | undefined {
  const parsed = parseInterfaceAddress(text);
  if (parsed?.prefix === undefined) return undefined;
  const size = 2 ** (32 - parsed.prefix);
  const network = Math.floor(parsed.address / size) * size;
  return { network, broadcast: network + size - 1, prefix: parsed.prefix };
}

export function formatSubnet(subnet: Subnet): string {
  return `${formatIpv4(subnet.network)}/${subnet.prefix}`;
}

export function subnetsOverlap(one: Subnet, other: Subnet): boolean {
  return one.network <= other.broadcast && other.network <= one.broadcast;
}

export function isUsable(subnet: Subnet, address: number): boolean {
  return address > subnet.network && address < subnet.broadcast;
}

/** The lowest usable address that is not taken; undefined when the subnet is full. */
export function firstFree(subnet: Subnet, taken: ReadonlySet<number>): number | undefined {
  for (let address = subnet.network + 1; address < subnet.broadcast; address += 1) {
    if (!taken.has(address)) return address;
  }
  return undefined;
}

/** First and last address that a machine can have, for messages. */
export function usableBounds(subnet: Subnet): { first: string; last: string } {
  return { first: formatIpv4(subnet.network + 1), last: formatIpv4(subnet.broadcast - 1) };
}
