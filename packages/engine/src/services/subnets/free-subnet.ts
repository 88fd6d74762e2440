import { formatSubnet, parseSubnet, type Subnet } from '@playhouse/contract/manifest/ipv4';

/** A range that is divided into subnets of one size. */
export interface Pool {
  /** CIDR form. */
  readonly base: string;
  /** Length of the prefix of each, at least that of the base. */
  readonly size: number;
}

/** The lowest subnet of the pool that overlaps none of the taken ones, in CIDR form; null when there is none. Pure. */
export function freeSubnet({ base, size }: Pool, taken: readonly Subnet[]): string | null {
  const range = parseSubnet(base);
  if (range === undefined) return null;
  const addresses = 2 ** (32 - size);
  let network = range.network;
  for (const each of taken.toSorted((one, other) => one.network - other.network)) {
    if (each.network >= network + addresses) break;
    // Whatever ends below the candidate is behind it already.
    if (each.broadcast >= network) network = (Math.floor(each.broadcast / addresses) + 1) * addresses;
  }
  const free = { network, broadcast: network + addresses - 1, prefix: size };
  return free.broadcast > range.broadcast ? null : formatSubnet(free);
}

/** A subnet or a single address as `ip` and Docker write it; nothing for what is not IPv4, and for all addresses at once. */
export function readTaken(text: string): readonly Subnet[] {
  const found = parseSubnet(text.includes('/') ? text : `${text}/32`);
  return found === undefined || found.prefix < widest ? [] : [found];
}

/** Halves and quarters of the Internet, as of a VPN that takes everything: they leave to others what is nearer. */
const widest = 8;
