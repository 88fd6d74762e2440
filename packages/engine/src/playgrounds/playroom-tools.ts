import type { AgentPool } from '../guest/agent-pool.ts';
import type { ImagePulls } from '../images/image-pulls.ts';
import type { SourceStore } from '../images/source-store.ts';
import type { KernelInstaller } from '../kernels/kernel-installer.ts';
import type { KernelStore } from '../kernels/kernel-store.ts';
import type { MachineDriver, MachineSpec } from '../machines/machine-driver.ts';
import type { Networks } from '../networks/networks.ts';
import type { MemoryFit } from '../snapshots/memory-fit.ts';
import type { SnapshotTools } from '../snapshots/snapshot-tools.ts';
import type { ServicesRecords } from '../services/services-record.ts';
import type { Cgroups } from '../system/cgroup.ts';
import type { EnginePaths } from '../system/engine-paths.ts';
import type { BootSlots } from './boot-slots.ts';
import type { PlanSettings } from './playground-plan.ts';
import type { PlaygroundRecords } from './playground-record.ts';

/** What the steps of a playground’s life work with. One set per engine. */
export interface PlayroomTools extends SnapshotTools {
  readonly paths: EnginePaths;
  readonly records: PlaygroundRecords;
  /** Those made of Compose services. */
  readonly services: ServicesRecords;
  readonly settings: PlanSettings;
  readonly sources: SourceStore;
  readonly pulls: ImagePulls;
  readonly kernels: KernelStore;
  readonly kernelInstaller: Pick<KernelInstaller, 'ensure' | 'working'>;
  /** What machines run on, as `qemu 7.2 tcg`. */
  readonly runsOn: () => string;
  /** What memory of a machine is good for now. */
  readonly memoryFit: (spec: MachineSpec, kernel: string) => Promise<MemoryFit>;
  readonly networks: Networks;
  readonly driver: MachineDriver;
  readonly cgroups: Cgroups;
  readonly bootSlots: BootSlots;
  /** Name servers that machines use. */
  readonly nameservers: readonly string[];
  /** What machines’ kernels are told; depends on the accelerator. */
  readonly commandLine: () => string;
  readonly bootTimeoutMs: () => number;
  /** How long a guest may take to shut down before its power is cut. */
  readonly shutdownTimeoutMs: () => number;
  /** The one way to machines’ guest agents: they serve one connection each. */
  readonly agents: AgentPool;
}
