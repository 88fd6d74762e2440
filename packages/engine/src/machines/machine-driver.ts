// The seam between playgrounds and whatever runs microVMs. Machines are never children of the engine: they outlive it
// and are adopted again by what their handle says.
import type { MachineType } from '@playhouse/contract/machine-type';
import type { ProcessIdentity } from '../system/process-identity.ts';

/** One virtual disk, in the order in which the guest sees them. */
export interface MachineDrive {
  /** Virtio serial: how the guest tells drives apart. At most 20 characters. */
  readonly serial: string;
  readonly readOnly: boolean;
  /** The files of the drive, topmost first; each lies on the next. All but the first are immutable. */
  readonly chain: readonly { readonly path: string; readonly format: 'raw' | 'qcow2' }[];
}

/** Memory and devices of a machine at one moment. Fits only the machine line, QEMU, processor and kernel that it was cut under. */
export interface MachineMemory {
  /** File of the size of its memory, sparse; the machine maps it privately, so that it never changes. */
  readonly image: string;
  /** What its devices were at, in the driver’s own form. */
  readonly devices: Buffer;
}

/** Everything a driver needs to run one machine. Paths are absolute. */
export interface MachineSpec {
  /** Unique on this host; names the process and its cgroup: `{playground id}/{machine index}`. */
  readonly id: string;
  /** As the user calls it. */
  readonly name: string;
  /** Has room for all drives and interfaces below, and for the driver’s own devices. */
  readonly type: MachineType;
  readonly cpuCount: number;
  readonly ramBytes: number;
  readonly kernel: { readonly image: string; readonly initramfs: string; readonly commandLine: string };
  readonly drives: readonly MachineDrive[];
  readonly interfaces: readonly { readonly tap: string; readonly mac: string }[];
  /** What it goes on from; null boots it. */
  readonly memory: MachineMemory | null;
  /** Words before the program that put it into its network namespace; empty for the host’s own. */
  readonly enterNetwork: readonly string[];
  readonly consoleLog: string;
  /** What the machine’s process itself says. */
  readonly processLog: string;
  readonly agentSocket: string;
  readonly controlSocket: string;
  readonly pidFile: string;
}

/** What must be remembered of a running machine to adopt it later; kept on disk. */
export interface MachineHandle {
  readonly process: ProcessIdentity;
}

/** How a machine’s process ended: the guest asked to be restarted, or anything else. */
export type MachineEnd = 'reset' | 'off';

/** A running machine under this engine’s eyes. */
export interface RunningMachine {
  readonly handle: MachineHandle;
  /**
   * Settles when the machine’s process has ended, for whatever reason. Never rejects. A guest that restarts ends its
   * process too: each boot is a process of its own, with a console log of its own.
   */
  readonly ended: Promise<MachineEnd>;
  /** Stops watching; the machine runs on. */
  release(): void;
  /**
   * Makes ready to cut the machine: all that takes long and can be done while it runs. There is an overlay for each drive
   * that is not read-only, by the drive’s place in the specification.
   * @throws Error when the machine cannot be spoken to
   */
  prepareCut(ramBytes: number, overlays: ReadonlyMap<number, NextOverlay>): Promise<MachineCut>;
  /** Has the machine stand still until `settle`, at no cost but that of its memory. */
  hold(): Promise<void>;
  /**
   * Has a machine go on that is held, or stands still because whoever cut it died. Says which overlay it writes now, by the drive’s
   * place: the number of the one that it was switched to last, null for the one that it was started with.
   */
  settle(): Promise<ReadonlyMap<number, number | null>>;
}

/** What a drive is to be written to after a cut. */
export interface NextOverlay {
  /** An empty qcow2 file of the drive’s size. */
  readonly file: string;
  /** Greater than that of each earlier overlay of the drive. */
  readonly number: number;
}

/**
 * A cut through one machine. Between `pause` and `goOn` it stands still; whoever paused it MUST let it go on or end it.
 * Nothing of it is changed until `switchDrives`.
 */
export interface MachineCut {
  pause(): Promise<void>;
  /** From now on the machine writes the overlays; what it wrote before is immutable. */
  switchDrives(): Promise<void>;
  /**
   * Writes the memory of the paused machine into `image`: a file that holds what the machine’s memory began as, or an empty
   * one where it booted. Gives the state of its devices.
   */
  saveMemory(image: string): Promise<{ readonly devices: Buffer; readonly changedBytes: number }>;
  goOn(): Promise<void>;
  /** Gives up what the cut needed. An overlay that was not switched to may be deleted afterwards. */
  close(): Promise<void>;
}

export interface MachineDriver {
  readonly name: string;

  /**
   * Starts a machine. MUST leave no process, socket or cgroup behind when it throws. MUST NOT be called for a machine
   * that runs. After a crash in here a process may live whose pid file exists: `kill` with the spec removes it.
   * @throws PlayhouseError machine-failed, disk-full
   */
  start(spec: MachineSpec): Promise<RunningMachine>;

  /** Takes up a machine that an earlier engine started. MUST answer null when its process has ended. */
  adopt(spec: Pick<MachineSpec, 'controlSocket'>, handle: MachineHandle): Promise<RunningMachine | null>;

  /** Ends the machine at once, as if its power were cut. MUST be silent when there is none. */
  kill(spec: Pick<MachineSpec, 'id' | 'pidFile' | 'agentSocket' | 'controlSocket'>): Promise<void>;
}
