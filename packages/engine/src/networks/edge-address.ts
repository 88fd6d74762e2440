// Host-side addresses. Each playground gets a slice of 16 addresses out of the installation’s edge range: one for the
// host’s end of its veth pair, one for the netns’ end, and one for each machine, translated 1:1 inside the netns. So SSH,
// HTTP and port forwards are plain TCP from the host, and equal guest addresses in every fork never collide.
import ipaddr from 'ipaddr.js';

/** The addresses of one playground’s slice. */
export interface EdgeSlice {
  readonly slot: number;
  readonly prefixLength: 28;
  /** Host’s end of the veth pair. */
  readonly host: string;
  /** The netns’ end. */
  readonly inner: string;
  /** Host-side addresses for machines, in manifest order. */
  readonly machines: readonly string[];
}

const sliceSize = 16;

/** How many playgrounds an edge range has room for. */
export function slotCount(range: string): number {
  const [, bits] = ipaddr.parseCIDR(range);
  return Math.floor(2 ** (32 - bits) / sliceSize);
}

/** The addresses of slice number `slot` of a range such as `100.64.0.0/10`. */
export function edgeSlice(range: string, slot: number): EdgeSlice {
  const base = toNumber(ipaddr.IPv4.networkAddressFromCIDR(range).toString()) + slot * sliceSize;
  return {
    slot,
    prefixLength: 28,
    host: fromNumber(base + 1),
    inner: fromNumber(base + 2),
    machines: Array.from({ length: 12 }, (_, index) => fromNumber(base + 3 + index)),
  };
}

/** The lowest slot that is not in `used` and overlaps none of the host’s own addresses; null when all are taken. */
export function freeSlot(
  range: string,
  used: ReadonlySet<number>,
  hostAddresses: readonly string[],
): number | null {
  const start = toNumber(ipaddr.IPv4.networkAddressFromCIDR(range).toString());
  const taken = new Set(hostAddresses.map((address) => Math.floor((toNumber(address) - start) / sliceSize)));
  for (let slot = 0; slot < slotCount(range); slot++) if (!used.has(slot) && !taken.has(slot)) return slot;
  return null;
}

function toNumber(address: string): number {
  return ipaddr.IPv4.parse(address).octets.reduce((sum, octet) => sum * 256 + octet, 0);
}

function fromNumber(value: number): string {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
}
