import type { Machine } from '@playhouse/contract/machine';
import { machineTypeFor } from '@playhouse/contract/machine-type';
import { assignAddresses, describeInterfaces } from '@playhouse/contract/manifest/assign-addresses';
import type { Manifest } from '@playhouse/contract/manifest/manifest';
import { resolveDrives } from '@playhouse/contract/manifest/resolve-drives';
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
    machineType: machineTypeFor({
      drives: machine.drives.length,
      interfaces: machine.network.interfaces.length,
    }),
    drives: resolveDrives(machine.drives),
    address: plan.machines[index]?.interfaces[0]?.address ?? null,
    interfaces: describeInterfaces(plan.machines[index]?.interfaces ?? []),
    edgeAddress: null,
    users: machine.users.map(({ name }) => name),
    defaultUser: machine.defaultUser,
    hostKey: null,
    identity: null,
  }));
}

/** Machine memory of a playground, in bytes. */
export function sumRam(machines: readonly Machine[]): number {
  return machines.reduce((sum, { ramBytes }) => sum + ramBytes, 0);
}
