// Runs machines with QEMU’s `microvm`. Each is a detached, unprivileged process in its own cgroup and network namespace.
import { readFile, rm } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Cgroups } from '../../system/cgroup.ts';
import { identify, isAlive, killAndWait, type ProcessIdentity } from '../../system/process-identity.ts';
import { type DetachedProcess, startDetached } from '../../system/start-detached.ts';
import type {
  MachineDriver,
  MachineEnd,
  MachineHandle,
  MachineSpec,
  RunningMachine,
} from '../machine-driver.ts';
import { attachedNodes, removeUnattachedOverlays } from './attached-nodes.ts';
import { findQemuProcesses } from './find-processes.ts';
import {
  incomingSocket,
  machineLine,
  type MachineLineOptions,
  memoryImageBytes,
  processName,
  processOverheadBytes,
} from './machine-line.ts';
import { QemuCut } from './qemu-cut.ts';
import { QmpConnection } from './qmp.ts';
import { goOnWhenThereIsRoom } from './room-on-disk.ts';
import { takeUp } from './take-up.ts';

const maximumTasks = 512;
const readyTimeoutMs = 60_000;
const monitorPauseMs = 5;

export class QemuDriver implements MachineDriver {
  readonly name = 'qemu';
  readonly #cgroups: Cgroups;
  readonly #options: () => MachineLineOptions;

  /** `options` is asked at each start: the accelerator verdict may come after the driver was made. */
  constructor(cgroups: Cgroups, options: () => MachineLineOptions) {
    this.#cgroups = cgroups;
    this.#options = options;
  }

  async start(spec: MachineSpec): Promise<RunningMachine> {
    await this.kill(spec);
    try {
      const child = await startDetached(
        [...spec.enterNetwork, ...machineLine(spec, this.#options())],
        spec.processLog,
      );
      // Both have ended before a failure is told: nobody is placed in the group any more when it is removed.
      const making = [openMonitor(spec, child), this.#limit(spec, child)] as const;
      await Promise.allSettled(making);
      const [monitor] = await Promise.all(making);
      const process = await this.#pidFile(spec.pidFile);
      if (process === null) throw machineFailed(spec, 'it ended at once');
      if (spec.memory) await takeUp(spec, monitor, spec.memory.devices);
      await monitor.execute('cont');
      return watch({ process }, monitor, spec);
    } catch (error) {
      await this.kill(spec);
      throw error instanceof PlayhouseError ? error : machineFailed(spec, String(error));
    }
  }

  async adopt(
    spec: Pick<MachineSpec, 'controlSocket'>,
    handle: MachineHandle,
  ): Promise<RunningMachine | null> {
    if (!isAlive(handle.process)) return null;
    const monitor = await QmpConnection.open(spec.controlSocket).catch(() => null);
    // A monitor that does not answer is no proof of death: a machine that lives is watched by its process alone.
    return monitor === null ? watchProcess(handle) : watch(handle, monitor, spec);
  }

  async kill(spec: Pick<MachineSpec, 'id' | 'pidFile' | 'agentSocket' | 'controlSocket'>): Promise<void> {
    // Processes in the machine’s group are its own for certain; the name covers the moments before it was placed there.
    for (const { process, name } of findQemuProcesses()) {
      if (name === processName(spec.id)) await killAndWait(process);
    }
    for (const pid of await this.#cgroups.processes(spec.id)) {
      const member = identify(pid);
      if (member !== null) await killAndWait(member);
    }
    await this.#cgroups.remove(spec.id);
    for (const path of [spec.pidFile, spec.agentSocket, spec.controlSocket, incomingSocket(spec)])
      await rm(path, { force: true });
  }

  /**
   * Puts the machine’s process in its group while QEMU makes its devices: the guest’s memory is not touched before `cont`, so all
   * of it is charged to that group. That a process which ended cannot be placed is no news: the monitor tells why.
   */
  async #limit({ id, cpuCount, ramBytes }: MachineSpec, child: DetachedProcess): Promise<void> {
    if (child.pid === null) return;
    const limits = { cpuCount, memoryBytes: ramBytes + processOverheadBytes, tasks: maximumTasks };
    await this.#cgroups.place(id, child.pid, limits).catch((error: unknown) => {
      if (identify(child.pid ?? 0) !== null) throw error;
    });
  }

  async #pidFile(path: string): Promise<ProcessIdentity | null> {
    const text = await readFile(path, 'utf8').catch(() => '');
    return text === '' ? null : identify(Number(text));
  }
}

/** Connects to the monitor, which answers once all devices are made and all files open, or says why QEMU refused. */
async function openMonitor(spec: MachineSpec, child: DetachedProcess): Promise<QmpConnection> {
  const outcome: { exit?: number | string } = {};
  void child.exited.then((exit) => (outcome.exit = exit));
  const deadline = performance.now() + readyTimeoutMs;
  for (;;) {
    const monitor = await QmpConnection.open(spec.controlSocket).catch(() => null);
    if (monitor !== null) return monitor;
    if (outcome.exit !== undefined || performance.now() > deadline) {
      const said = (await readFile(spec.processLog, 'utf8').catch(() => '')).trim();
      throw machineFailed(
        spec,
        said ||
          (outcome.exit === undefined ? 'its monitor does not answer' : `QEMU ended with ${outcome.exit}`),
      );
    }
    await setTimeout(monitorPauseMs);
  }
}

function watch(
  handle: MachineHandle,
  monitor: QmpConnection,
  { controlSocket }: Pick<MachineSpec, 'controlSocket'>,
): RunningMachine {
  let released = false;
  goOnWhenThereIsRoom(monitor);
  const ended = monitor.closed.then(async (): Promise<MachineEnd> => {
    if (released) await new Promise<never>(() => {});
    // The monitor closes a moment before the process is gone; its files are still open until then.
    while (isAlive(handle.process)) await setTimeout(20);
    return monitor.resetAsked ? 'reset' : 'off';
  });
  return {
    handle,
    ended,
    release: () => {
      released = true;
      monitor.close();
    },
    prepareCut: async (ramBytes, overlays) => {
      const { pid } = handle.process;
      const place = { pid, controlSocket, imageBytes: memoryImageBytes(ramBytes) };
      return await QemuCut.prepare(monitor, place, overlays);
    },
    hold: async () => {
      monitor.held = true;
      await monitor.execute('stop');
    },
    settle: async () => {
      const { status } = (await monitor.execute('query-status')) as { status: string };
      // `io-error`: the disk was full while no engine watched.
      if (status === 'paused' || status === 'io-error') await monitor.execute('cont');
      monitor.held = false;
      await removeUnattachedOverlays(monitor);
      return new Map([...(await attachedNodes(monitor))].map(([index, { number }]) => [index, number]));
    },
  };
}

/** Watches a machine whose monitor does not answer. */
function watchProcess(handle: MachineHandle): RunningMachine {
  const released = new AbortController();
  const ended = (async (): Promise<MachineEnd> => {
    while (isAlive(handle.process)) await setTimeout(1000, undefined, { ref: false });
    if (released.signal.aborted) await new Promise<never>(() => {});
    return 'off';
  })();
  const mute = async () => await Promise.reject(new Error('its monitor does not answer'));
  return { handle, ended, release: () => released.abort(), prepareCut: mute, hold: mute, settle: mute };
}

function machineFailed(spec: MachineSpec, detail: string): PlayhouseError {
  const [playground = ''] = spec.id.split('/');
  if (/No space left on device/.test(detail))
    return new PlayhouseError('disk-full', { path: spec.consoleLog });
  return new PlayhouseError('machine-failed', {
    playground,
    machine: spec.name,
    detail: detail.trim().slice(-600),
  });
}
