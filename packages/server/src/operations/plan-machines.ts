import type { Machine } from '@playhouse/contract/machine';
import { assignAddresses, describeInterfaces } from '@playhouse/contract/manifest/assign-addresses';
import type { Manifest } from '@playhouse/contract/manifest/manifest';
import { resolveManifest } from '@playhouse/contract/manifest/resolve-manifest';

/** The machines of a playground before the engine has made any: what the manifest says of them, defaults filled in. */
export function planMachines(manifest: Manifest): Machine[] {
  const plan = assignAddresses(manifest.playground);
  return resolveManifest(manifest).machines.map((machine, index) => ({
    name: machine.name,
    state: 'pending',
    source: machine.drives.find(({ mount }) => mount === '/')?.source ?? '',
    kernel: machine.kernel.source,
    cpuCount: machine.resources.cpuCount,
    ramBytes: machine.resources.ramSize,
    address: plan.machines[index]?.interfaces[0]?.address ?? null,
    interfaces: describeInterfaces(plan.machines[index]?.interfaces ?? []),
    edgeAddress: null,
    users: machine.users.map(({ name }) => name),
    defaultUser: machine.defaultUser,
    hostKey: null,
  }));
}

/** Machine memory of a playground, in bytes. */
export function sumRam(machines: readonly Machine[]): number {
  return machines.reduce((sum, { ramBytes }) => sum + ramBytes, 0);
}
