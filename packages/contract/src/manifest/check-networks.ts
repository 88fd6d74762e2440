import { networksOf } from './assign-addresses.ts';
import { checkInterfaces } from './check-interfaces.ts';
import {
  formatIpv4,
  formatSubnet,
  isUsable,
  parseIpv4,
  parseSubnet,
  subnetsOverlap,
  type Subnet,
  usableBounds,
} from './ipv4.ts';
import type { PlaygroundSpec } from './manifest.ts';
import type { ManifestIssue, ManifestPath } from './manifest-issue.ts';
import { repeats } from './repeats.ts';

const reservedRanges = [
  { range: '0.0.0.0/8', purpose: '“this” network' },
  { range: '100.64.0.0/10', purpose: 'the host side of playgrounds' },
  { range: '127.0.0.0/8', purpose: 'loopback' },
  { range: '169.254.0.0/16', purpose: 'link-local addresses' },
  { range: '224.0.0.0/3', purpose: 'multicast and future use' },
] as const;

type Network = NonNullable<PlaygroundSpec['networks']>[number];

/** Rules of networks and of the interfaces on them. A `part` may use networks that only its base has. */
export function checkNetworks(spec: PlaygroundSpec, part: boolean): ManifestIssue[] {
  const top = ['playground', 'networks'] as const;
  const networks = spec.networks ?? [];
  const unknownAllowed = part && networks.length === 0;
  return [
    ...repeats(networks, ({ name }) => name).map(({ item, index }) => ({
      code: 'manifest-duplicate-network' as const,
      path: [...top, index, 'name'],
      parameters: { name: item.name },
    })),
    ...networks.flatMap((network, index) => checkNetwork(network, [...top, index])),
    ...clashes(networks, top),
    ...(unknownAllowed ? [] : checkInterfaces(spec, networksOf(spec))),
  ];
}

function checkNetwork(network: Network, path: ManifestPath): ManifestIssue[] {
  const subnet = parseSubnet(network.subnet);
  if (subnet === undefined) return [];
  const issues: ManifestIssue[] = [];
  const reserved = reservedRanges.find(({ range }) => overlaps(subnet, range));
  if (reserved !== undefined) {
    const parameters = { subnet: network.subnet, reserved: reserved.range, purpose: reserved.purpose };
    issues.push({ code: 'manifest-subnet-reserved', path: [...path, 'subnet'], parameters });
  }
  const gateway = network.gateway === undefined ? undefined : parseIpv4(network.gateway);
  if (gateway !== undefined && !isUsable(subnet, gateway)) {
    const parameters = {
      address: formatIpv4(gateway),
      subnet: formatSubnet(subnet),
      ...usableBounds(subnet),
    };
    issues.push({ code: 'manifest-gateway-outside-subnet', path: [...path, 'gateway'], parameters });
  }
  return issues;
}

function clashes(networks: readonly Network[], top: ManifestPath): ManifestIssue[] {
  return networks.flatMap((network, index) => {
    const subnet = parseSubnet(network.subnet);
    const other = networks
      .slice(0, index)
      .find((earlier) => subnet !== undefined && overlaps(subnet, earlier.subnet));
    if (other === undefined) return [];
    const parameters = {
      name: network.name,
      subnet: network.subnet,
      other: other.name,
      otherSubnet: other.subnet,
    };
    return [{ code: 'manifest-subnet-clash', path: [...top, index, 'subnet'], parameters }];
  });
}

function overlaps(subnet: Subnet, range: string): boolean {
  const other = parseSubnet(range);
  return other !== undefined && subnetsOverlap(subnet, other);
}
