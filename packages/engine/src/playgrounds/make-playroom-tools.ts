import { cpus } from 'node:os';
import type { Configuration } from '@playhouse/contract/configuration';
import { AgentPool } from '../guest/agent-pool.ts';
import { GuestAgent } from '../guest/guest-agent.ts';
import type { AcceleratorVerdict } from '../machines/accelerator.ts';
import { kernelCommandLine } from '../machines/kernel-command-line.ts';
import { machineShape } from '../machines/qemu/machine-line.ts';
import { QemuDriver } from '../machines/qemu/qemu-driver.ts';
import { findNameservers } from '../networks/nameservers.ts';
import { Networks } from '../networks/networks.ts';
import { ServicesRecords } from '../services/services-record.ts';
import type { SnapshotTools } from '../snapshots/snapshot-tools.ts';
import { Cgroups } from '../system/cgroup.ts';
import { enginePaths } from '../system/engine-paths.ts';
import type { Installation } from '../system/installation.ts';
import { BootSlots } from './boot-slots.ts';
import { PlaygroundRecords } from './playground-record.ts';
import type { PlayroomTools } from './playroom-tools.ts';

const kvmBootTimeoutSeconds = 60;
const otherBootTimeoutSeconds = 300;
const kvmShutdownTimeoutSeconds = 60;
const otherShutdownTimeoutSeconds = 120;

export interface PlayroomParts extends Pick<
  PlayroomTools,
  'kernels' | 'kernelInstaller' | 'sources' | 'pulls' | keyof SnapshotTools
> {
  readonly installation: Installation;
  readonly accelerator: AcceleratorVerdict;
  /** Version of the installed QEMU. */
  readonly qemu: readonly [number, number];
}

/** The tools of a playroom as it is configured. Nothing on the host is changed yet. */
export async function makePlayroomTools(
  configuration: Configuration,
  parts: PlayroomParts,
): Promise<PlayroomTools> {
  const {
    installation,
    accelerator,
    qemu,
    kernels,
    kernelInstaller,
    sources,
    pulls,
    underWay,
    layers,
    snapshots,
    vaultKeeper,
  } = parts;
  const { edgeRange, bootConcurrency, bootTimeoutSeconds, machineUser } = configuration.engine;
  const nameservers = await findNameservers(configuration.engine.nameservers);
  const paths = enginePaths(configuration);
  const cgroups = new Cgroups(installation.cgroup);
  const machineOptions = () => ({ accelerator: accelerator.facts.class, user: machineUser, version: qemu });
  const defaultBootTimeout = () =>
    accelerator.facts.class === 'kvm' ? kvmBootTimeoutSeconds : otherBootTimeoutSeconds;
  const defaultShutdownTimeout = () =>
    accelerator.facts.class === 'kvm' ? kvmShutdownTimeoutSeconds : otherShutdownTimeoutSeconds;
  return {
    paths,
    records: new PlaygroundRecords(paths),
    services: new ServicesRecords(paths.services),
    settings: { devices: installation.devices, edgeRange },
    kernels,
    kernelInstaller,
    sources,
    pulls,
    networks: new Networks({ devices: installation.devices, runFolder: paths.run, nameservers }),
    layers,
    snapshots,
    vaultKeeper,
    underWay,
    runsOn: () => `qemu ${qemu.join('.')} ${processorName(accelerator.facts.class)}`,
    memoryFit: async (spec, kernel) => ({
      qemu: qemu.join('.'),
      processor: processorName(accelerator.facts.class),
      kernel: (await kernels.find(kernel))?.digest ?? '',
      shape: machineShape(spec, machineOptions()),
    }),
    driver: new QemuDriver(cgroups, machineOptions),
    cgroups,
    bootSlots: new BootSlots(bootConcurrency || cpus().length),
    nameservers,
    commandLine: () => kernelCommandLine(accelerator.facts),
    bootTimeoutMs: () => (bootTimeoutSeconds || defaultBootTimeout()) * 1000,
    shutdownTimeoutMs: () => (configuration.engine.shutdownTimeoutSeconds || defaultShutdownTimeout()) * 1000,
    agents: new AgentPool(async (socket, options) => await GuestAgent.connect(socket, options)),
  };
}

/** Under KVM the guest has seen the host’s processor and may use all that it can do. */
function processorName(accelerator: AcceleratorVerdict['facts']['class']): string {
  return accelerator === 'tcg' ? 'tcg' : `${accelerator} ${cpus()[0]?.model ?? 'unknown'}`;
}
