// From a playground’s order and slot to everything that is to be made of it, as pure data: network, machines, addresses.
// Stable: the same record always gives the same plan, so that a restarted engine finds what an earlier one made.
import { assignAddresses, describeInterfaces } from '@playhouse/contract/manifest/assign-addresses';
import { resolveDrives } from '@playhouse/contract/manifest/resolve-drives';
import { type ResolvedMachine, resolveManifest } from '@playhouse/contract/manifest/resolve-manifest';
import type { Machine } from '@playhouse/contract/machine';
import type { MachineDrive } from '@playhouse/contract/machine-drive';
import { type MachineType, machineTypeFor } from '@playhouse/contract/machine-type';
import { type EdgeSlice, edgeSlice } from '../networks/edge-address.ts';
import { ownerTag } from '../networks/networks.ts';
import type { PlaygroundNetwork } from '../networks/playground-network.ts';
import type { PlaygroundRecord } from './playground-record.ts';

type AddressPlan = ReturnType<typeof assignAddresses>;
export type PlannedInterface = AddressPlan['machines'][number]['interfaces'][number] & {
  readonly tap: string;
  /** Where the network’s resolver listens; a private network has one too. */
  readonly networkGateway: string;
};

export interface PlannedDrive extends MachineDrive {
  /** Virtio serial number; names the drive’s overlays, too. */
  readonly serial: string;
}

export interface PlannedMachine {
  readonly index: number;
  readonly manifest: ResolvedMachine;
  /** That of the root drive. */
  readonly source: string;
  readonly type: MachineType;
  /** In the order of the manifest. */
  readonly drives: readonly PlannedDrive[];
  readonly interfaces: readonly PlannedInterface[];
  /** Host-side address. */
  readonly edgeAddress: string;
}

export interface PlaygroundPlan {
  readonly network: PlaygroundNetwork;
  readonly machines: readonly PlannedMachine[];
}

export interface PlanSettings {
  /** Beginning of the names of the installation’s host devices, for example `ph1a2b-`. */
  readonly devices: string;
  readonly edgeRange: string;
}

export function planPlayground({ order, slot }: PlaygroundRecord, settings: PlanSettings): PlaygroundPlan {
  const addresses = assignAddresses(order.manifest.playground);
  const edge = edgeSlice(settings.edgeRange, slot);
  const machines = resolveManifest(order.manifest).machines.map((manifest, index) => {
    const interfaces = addresses.machines[index]?.interfaces ?? [];
    const gatewayOf = (network: string) =>
      addresses.networks.find(({ name }) => name === network)?.gateway ?? '';
    return planMachine(manifest, index, interfaces, gatewayOf, edge);
  });
  return { network: planNetwork(order, addresses, machines, edge, settings), machines };
}

/** The machines as API and page show them. */
export function describeMachines(record: PlaygroundRecord, plan: PlaygroundPlan): Machine[] {
  return plan.machines.map(({ manifest, source, type, drives, interfaces, edgeAddress }, index) => ({
    name: manifest.name,
    state: record.machines[index]?.state ?? 'pending',
    source: record.machines[index]?.drives[drives.findIndex(({ mount }) => mount === '/')]?.source ?? source,
    kernel: manifest.kernel.source,
    cpuCount: manifest.resources.cpuCount,
    ramBytes: manifest.resources.ramSize,
    machineType: type,
    drives: drives.map(({ device, sizeBytes, source: origin, filesystem, mount, readOnly }, drive) => ({
      device,
      sizeBytes: record.machines[index]?.drives[drive]?.sizeBytes ?? sizeBytes,
      source: origin,
      filesystem,
      mount,
      readOnly,
    })),
    address: interfaces[0]?.address ?? null,
    interfaces: describeInterfaces(interfaces),
    edgeAddress,
    users: manifest.users.map(({ name }) => name),
    defaultUser: manifest.defaultUser,
    hostKey: record.machines[index]?.hostKey ?? null,
    identity: record.machines[index]?.identity ?? null,
  }));
}

function planMachine(
  manifest: ResolvedMachine,
  index: number,
  interfaces: AddressPlan['machines'][number]['interfaces'],
  gatewayOf: (network: string) => string,
  edge: EdgeSlice,
): PlannedMachine {
  const drives = resolveDrives(manifest.drives).map(planDrive);
  return {
    index,
    manifest,
    source: drives.find(({ mount }) => mount === '/')?.source ?? '',
    type: machineTypeFor({ drives: drives.length, interfaces: interfaces.length }),
    drives,
    interfaces: interfaces.map((card, position) => ({
      ...card,
      tap: `tap${index}-${position}`,
      networkGateway: gatewayOf(card.network),
    })),
    edgeAddress: edge.machines[index] ?? '',
  };
}

/** The root drive is called so wherever it stands: init looks for it by that. */
function planDrive(drive: MachineDrive, index: number): PlannedDrive {
  const name = drive.mount === '/' ? 'root' : `drive${index}`;
  return { ...drive, serial: name };
}

function planNetwork(
  order: PlaygroundRecord['order'],
  addresses: AddressPlan,
  machines: readonly PlannedMachine[],
  edge: EdgeSlice,
  { devices }: PlanSettings,
): PlaygroundNetwork {
  const bridges = addresses.networks.map(({ gateway, subnet, prefix, private: closed }, index) => {
    const mac = `02:70:68:ff:00:${(index + 1).toString(16).padStart(2, '0')}`;
    return { device: `br${index}`, mac, gateway, subnet, prefixLength: prefix, private: closed };
  });
  const bridgeOf = (network: string) => addresses.networks.findIndex(({ name }) => name === network);
  const cards = machines.flatMap(({ manifest, interfaces, edgeAddress }) =>
    interfaces.map((card, position) => ({ ...card, position, edgeAddress, machine: manifest.name })),
  );
  return {
    name: `${devices}${order.number}`,
    owner: ownerTag(devices, order.id),
    edge,
    bridges,
    taps: cards.map(({ tap, network, mac, address }) => {
      return { device: tap, bridge: `br${bridgeOf(network)}`, mac, address };
    }),
    entries: cards.flatMap(({ position, edgeAddress, address }) =>
      position === 0 ? [{ edge: edgeAddress, machine: address }] : [],
    ),
    exits: cards.flatMap(({ network, edgeAddress, address }) =>
      bridges[bridgeOf(network)]?.private ? [] : [{ edge: edgeAddress, machine: address }],
    ),
    egress: order.manifest.playground.egress ?? 'open',
    names: cards.map(({ address, machine, network }) => {
      return { address, names: [machine, `${machine}.${network}`] };
    }),
  };
}
