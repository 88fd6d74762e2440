// Which address, gateway and MAC each network card of a playground has. Pure and stable: the same manifest gives the same
// plan in every fork, so that a snapshot finds its network as it left it.
import { firstFree, formatIpv4, parseInterfaceAddress, parseIpv4, parseSubnet, type Subnet } from './ipv4.ts';
import type { PlaygroundSpec } from './manifest.ts';
import type { ManifestPath } from './manifest-issue.ts';
import { defaultNetwork } from './network.ts';

type Network = NonNullable<PlaygroundSpec['networks']>[number];

export interface PlannedNetwork {
  readonly name: string;
  /** CIDR form, as `172.16.0.0/24`. */
  readonly subnet: string;
  readonly prefix: number;
  /** Address of the host’s side of the network; a private network has one too, but routes nothing. */
  readonly gateway: string;
  readonly private: boolean;
}

export interface PlannedInterface {
  /** Name inside the machine: eth0, eth1 … */
  readonly device: string;
  readonly network: string;
  readonly address: string;
  readonly prefix: number;
  /** Absent on a private network, which has no way out. */
  readonly gateway?: string;
  /** True for the machine’s first interface on a network that is not private. */
  readonly defaultRoute: boolean;
  /** Locally administered, derived from the positions of machine and interface. */
  readonly mac: string;
}

export interface AddressPlan {
  readonly networks: readonly PlannedNetwork[];
  readonly machines: readonly { readonly name: string; readonly interfaces: readonly PlannedInterface[] }[];
}

/**
 * Plans the addresses of a checked manifest. Written addresses come first, then each gateway takes the first free address
 * of its subnet, then the interfaces do, in the order of the manifest.
 */
export function assignAddresses(spec: PlaygroundSpec): AddressPlan {
  const cards = interfacesOf(spec);
  const pools = new Map(networksOf(spec).map((network) => [network.name, makePool(network, cards)]));
  const machines = (spec.machines ?? []).map(({ name }, machineIndex) => {
    const own = cards.filter((card) => card.machineIndex === machineIndex);
    const routed = own.find((card) => pools.get(card.network ?? '')?.network.private === false);
    const interfaces = own.map((card) => planInterface(card, pools, card === routed));
    return { name, interfaces };
  });
  return { networks: [...pools.values()].map(({ network }) => network), machines };
}

/** The networks of a playground, which has `local` when it names none. */
export function networksOf(spec: PlaygroundSpec): readonly Network[] {
  return spec.networks === undefined || spec.networks.length === 0 ? [defaultNetwork] : spec.networks;
}

export interface InterfaceAt {
  readonly machine: string;
  readonly machineIndex: number;
  readonly index: number;
  readonly path: ManifestPath;
  /** Name of the network, that of the first interface when a later one names none. */
  readonly network: string | undefined;
  /** As written, perhaps with a mask. */
  readonly address: string | undefined;
}

/** All interfaces of all machines, in the order of the manifest. */
export function interfacesOf(spec: PlaygroundSpec): readonly InterfaceAt[] {
  return (spec.machines ?? []).flatMap(({ name, network: { interfaces } }, machineIndex) =>
    interfaces.map(({ network = interfaces[0]?.network, address }, index) => {
      const path = ['playground', 'machines', machineIndex, 'network', 'interfaces', index];
      return { machine: name, machineIndex, index, path, network, address };
    }),
  );
}

interface Pool {
  readonly network: PlannedNetwork;
  readonly subnet: Subnet;
  readonly taken: Set<number>;
}

function makePool(network: Network, cards: readonly InterfaceAt[]): Pool {
  const subnet = parseSubnet(network.subnet);
  if (subnet === undefined) throw new TypeError(`unchecked subnet ${network.subnet}`);
  const own = cards.filter((card) => card.network === network.name);
  const taken = new Set(own.flatMap(({ address }) => fixedAddress(address) ?? []));
  const gateway =
    (network.gateway === undefined ? undefined : parseIpv4(network.gateway)) ?? take(subnet, taken);
  taken.add(gateway);
  const { name, private: isPrivate } = network;
  const planned = {
    name,
    subnet: network.subnet,
    prefix: subnet.prefix,
    gateway: formatIpv4(gateway),
    private: isPrivate,
  };
  return { network: planned, subnet, taken };
}

function planInterface(
  card: InterfaceAt,
  pools: ReadonlyMap<string, Pool>,
  defaultRoute: boolean,
): PlannedInterface {
  const pool = pools.get(card.network ?? '');
  if (pool === undefined) throw new TypeError(`unchecked network ${card.network}`);
  const { network, subnet, taken } = pool;
  return {
    device: `eth${card.index}`,
    network: network.name,
    address: formatIpv4(fixedAddress(card.address) ?? take(subnet, taken)),
    prefix: network.prefix,
    ...(network.private ? {} : { gateway: network.gateway }),
    defaultRoute,
    mac: macOf(card.machineIndex, card.index),
  };
}

function take(subnet: Subnet, taken: Set<number>): number {
  const address = firstFree(subnet, taken);
  if (address === undefined) throw new TypeError('unchecked manifest: the subnet is full');
  taken.add(address);
  return address;
}

function fixedAddress(address: string | undefined): number | undefined {
  return address === undefined ? undefined : parseInterfaceAddress(address)?.address;
}

// 02: locally administered, unicast. 70:68 spells "ph".
function macOf(machineIndex: number, interfaceIndex: number): string {
  const hex = (value: number) => (value + 1).toString(16).padStart(2, '0');
  return `02:70:68:00:${hex(machineIndex)}:${hex(interfaceIndex)}`;
}

/** The cards of a machine as API and page show them. */
export function describeInterfaces(
  interfaces: readonly PlannedInterface[],
): Pick<PlannedInterface, 'device' | 'network' | 'address' | 'mac'>[] {
  return interfaces.map(({ device, network, address, mac }) => ({ device, network, address, mac }));
}
