import { interfacesOf } from './assign-addresses.ts';
import { advise } from './closest.ts';
import {
  formatIpv4,
  formatSubnet,
  isUsable,
  parseInterfaceAddress,
  parseIpv4,
  parseSubnet,
  type Subnet,
  usableBounds,
} from './ipv4.ts';
import type { PlaygroundSpec } from './manifest.ts';
import type { ManifestErrorCode, ManifestIssue, ManifestPath } from './manifest-issue.ts';

type Network = NonNullable<PlaygroundSpec['networks']>[number];

/** Rules of the interfaces: they are on known networks, with addresses that are theirs alone. */
export function checkInterfaces(spec: PlaygroundSpec, networks: readonly Network[]): ManifestIssue[] {
  const issues: ManifestIssue[] = [];
  const owners = new Map<string, string>();
  for (const { machine, network: name, address, path } of interfacesOf(spec)) {
    const network = networks.find((candidate) => candidate.name === name);
    const subnet = network === undefined ? undefined : parseSubnet(network.subnet);
    if (name === undefined) {
      const parameters = { machine, suggestion: networks[0]?.name ?? 'local' };
      issues.push({ code: 'manifest-interface-without-network', path, parameters });
    } else if (network === undefined) {
      const advice = advise(
        name,
        networks.map((known) => known.name),
        'networks',
      );
      issues.push({
        code: 'manifest-unknown-network',
        path: [...path, 'network'],
        parameters: { name, advice },
      });
    } else if (subnet !== undefined && address !== undefined) {
      issues.push(...checkAddress(address, network, subnet, [...path, 'address'], machine, owners));
    }
  }
  return [...issues, ...fullSubnets(spec, networks)];
}

function checkAddress(
  written: string,
  network: Network,
  subnet: Subnet,
  path: ManifestPath,
  machine: string,
  owners: Map<string, string>,
): ManifestIssue[] {
  const parsed = parseInterfaceAddress(written);
  if (parsed === undefined) return [];
  const address = formatIpv4(parsed.address);
  const issue = (code: ManifestErrorCode, more: Record<string, string> = {}): ManifestIssue => ({
    code,
    path,
    parameters: {
      network: network.name,
      subnet: formatSubnet(subnet),
      address,
      ...usableBounds(subnet),
      ...more,
    },
  });
  const key = `${network.name} ${address}`;
  const other = owners.get(key);
  owners.set(key, other ?? machine);
  if (parsed.address < subnet.network || parsed.address > subnet.broadcast)
    return [issue('manifest-address-outside-subnet')];
  if (parsed.prefix !== undefined && parsed.prefix !== subnet.prefix) {
    return [issue('manifest-address-mask', { address: written })];
  }
  if (!isUsable(subnet, parsed.address)) {
    const role = parsed.address === subnet.network ? 'network' : 'broadcast';
    return [issue('manifest-address-reserved', { role })];
  }
  if (network.gateway !== undefined && parsed.address === parseIpv4(network.gateway)) {
    return [issue('manifest-address-reserved', { role: 'gateway' })];
  }
  return other === undefined ? [] : [issue('manifest-address-taken', { other })];
}

function fullSubnets(spec: PlaygroundSpec, networks: readonly Network[]): ManifestIssue[] {
  return networks.flatMap((network, index) => {
    const subnet = parseSubnet(network.subnet);
    if (subnet === undefined) return [];
    const needed = 1 + interfacesOf(spec).filter((card) => card.network === network.name).length;
    const capacity = subnet.broadcast - subnet.network - 1;
    if (needed <= capacity) return [];
    const parameters = { subnet: network.subnet, name: network.name, capacity, needed };
    return [{ code: 'manifest-subnet-full', path: ['playground', 'networks', index, 'subnet'], parameters }];
  });
}
