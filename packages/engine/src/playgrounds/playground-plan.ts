// From a playground’s order and slot to everything that is to be made of it, as pure data: network, machines, addresses.
// Stable: the same record always gives the same plan, so that a restarted engine finds what an earlier one made.
import { assignAddresses } from '@playhouse/contract/manifest/assign-addresses';
import { type ResolvedMachine, resolveManifest } from '@playhouse/contract/manifest/resolve-manifest';
import type { Machine } from '@playhouse/contract/machine';
import { type EdgeSlice, edgeSlice } from '../networks/edge-address.ts';
import { ownerTag } from '../networks/networks.ts';
import type { PlaygroundNetwork } from '../networks/playground-network.ts';
import type { PlaygroundRecord } from './playground-record.ts';

type AddressPlan = ReturnType<typeof assignAddresses>;
export type PlannedInterface = AddressPlan['machines'][number]['interfaces'][number] & {
  readonly tap: string;
};

export interface PlannedMachine {
  readonly index: number;
  readonly manifest: ResolvedMachine;
  readonly source: string;
  /** Bytes of the root drive as the manifest wants it; null for the default. */
  readonly rootBytes: number | null;
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
    return planMachine(manifest, index, interfaces, edge);
  });
  return { network: planNetwork(order, addresses, machines, edge, settings), machines };
}

/** The machines as API and page show them. */
export function describeMachines(record: PlaygroundRecord, plan: PlaygroundPlan): Machine[] {
  return plan.machines.map(({ manifest, source, interfaces, edgeAddress }, index) => ({
    name: manifest.name,
    state: record.machines[index]?.state ?? 'pending',
    source,
    kernel: manifest.kernel.source,
    cpuCount: manifest.resources.cpuCount,
    ramBytes: manifest.resources.ramSize,
    address: interfaces[0]?.address ?? null,
    edgeAddress,
    users: manifest.users.map(({ name }) => name),
    defaultUser: manifest.defaultUser,
    hostKey: record.machines[index]?.hostKey ?? null,
  }));
}

function planMachine(
  manifest: ResolvedMachine,
  index: number,
  interfaces: AddressPlan['machines'][number]['interfaces'],
  edge: EdgeSlice,
): PlannedMachine {
  const root = manifest.drives.find((drive) => drive.mount === '/');
  return {
    index,
    manifest,
    source: root?.source ?? '',
    rootBytes: root?.size ?? null,
    interfaces: interfaces.map((card, card_) => ({ ...card, tap: `tap${index}-${card_}` })),
    edgeAddress: edge.machines[index] ?? '',
  };
}

function planNetwork(
  order: PlaygroundRecord['order'],
  addresses: AddressPlan,
  machines: readonly PlannedMachine[],
  edge: EdgeSlice,
  { devices }: PlanSettings,
): PlaygroundNetwork {
  const bridgeOf = (network: string) => `br${addresses.networks.findIndex(({ name }) => name === network)}`;
  return {
    name: `${devices}${order.number}`,
    owner: ownerTag(devices, order.id),
    edge,
    bridges: addresses.networks.map(({ name, gateway, prefix }) => ({
      device: bridgeOf(name),
      gateway,
      prefixLength: prefix,
    })),
    taps: machines.flatMap(({ interfaces }) =>
      interfaces.map(({ tap, network }) => ({ device: tap, bridge: bridgeOf(network) })),
    ),
    translations: machines.flatMap(({ interfaces, edgeAddress }) => {
      const [first] = interfaces;
      return first ? [{ edge: edgeAddress, machine: first.address }] : [];
    }),
  };
}
