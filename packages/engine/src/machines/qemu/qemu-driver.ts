// Runs machines with QEMU’s `microvm`. Each is a detached, unprivileged process in its own cgroup and network namespace.
import { readFile, rm } from 'node:fs/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Cgroups } from '../../system/cgroup.ts';
import { identify, isAlive, killAndWait, type ProcessIdentity } from '../../system/process-identity.ts';
import { type Run, run } from '../../system/run.ts';
import type { MachineDriver, MachineHandle, MachineSpec, RunningMachine } from '../machine-driver.ts';
import { machineLine, type MachineLineOptions, processOverheadBytes } from './machine-line.ts';
import { QmpConnection } from './qmp.ts';

const maximumTasks = 512;

export class QemuDriver implements MachineDriver {
  readonly name = 'qemu';
  readonly #cgroups: Cgroups;
  readonly #options: () => MachineLineOptions;
  readonly #run: Run;

  /** `options` is asked at each start: the accelerator verdict may come after the driver was made. */
  constructor(cgroups: Cgroups, options: () => MachineLineOptions, runner: Run = run) {
    this.#cgroups = cgroups;
    this.#options = options;
    this.#run = runner;
  }

  async start(spec: MachineSpec): Promise<RunningMachine> {
    await this.kill(spec);
    try {
      // QEMU answers only after all devices are made and all files open, so its refusals come back here.
      const argv = [...spec.enterNetwork, ...machineLine(spec, this.#options())];
      const result = await this.#run(argv, { timeoutMs: 60_000 });
      if (result.exitCode !== 0) throw machineFailed(spec, result.stderr);
      const process = await this.#pidFile(spec.pidFile);
      if (process === null) throw machineFailed(spec, 'it ended at once');
      // The guest’s memory is not touched before `cont`, so all of it is charged to the machine’s group.
      const memoryBytes = spec.ramBytes + processOverheadBytes;
      await this.#cgroups.place(spec.id, process.pid, { cpuCount: spec.cpuCount, memoryBytes, tasks: maximumTasks });
      const monitor = await QmpConnection.open(spec.controlSocket);
      await monitor.execute('cont');
      return watch({ process }, monitor);
    } catch (error) {
      await this.kill(spec);
      throw error instanceof PlayhouseError ? error : machineFailed(spec, String(error));
    }
  }

  async adopt(spec: MachineSpec, handle: MachineHandle): Promise<RunningMachine | null> {
    if (!isAlive(handle.process)) return null;
    const monitor = await QmpConnection.open(spec.controlSocket).catch(() => null);
    return monitor === null ? null : watch(handle, monitor);
  }

  async kill(spec: Pick<MachineSpec, 'id' | 'pidFile' | 'agentSocket' | 'controlSocket'>): Promise<void> {
    // Processes in the machine’s group are its own for certain; the pid file covers the moment before it was placed.
    const process = await this.#pidFile(spec.pidFile);
    if (process !== null && (await isMachine(process, spec.id))) await killAndWait(process);
    for (const pid of await this.#cgroups.processes(spec.id)) {
      const member = identify(pid);
      if (member !== null) await killAndWait(member);
    }
    await this.#cgroups.remove(spec.id);
    for (const path of [spec.pidFile, spec.agentSocket, spec.controlSocket]) await rm(path, { force: true });
  }

  async #pidFile(path: string): Promise<ProcessIdentity | null> {
    const text = await readFile(path, 'utf8').catch(() => '');
    return text === '' ? null : identify(Number(text));
  }
}

function watch(handle: MachineHandle, monitor: QmpConnection): RunningMachine {
  let released = false;
  const ended = monitor.closed.then(async () => {
    if (released) return await new Promise<never>(() => {});
    // The monitor closes a moment before the process is gone; its files are still open until then.
    while (isAlive(handle.process)) await new Promise((resolve) => setTimeout(resolve, 20));
  });
  return {
    handle,
    ended,
    release: () => {
      released = true;
      monitor.close();
    },
  };
}

/** True when the process was started for this machine: its `-name` says so. Guards against a reused pid. */
async function isMachine(process: ProcessIdentity, id: string): Promise<boolean> {
  const commandLine = await readFile(`/proc/${process.pid}/cmdline`, 'utf8').catch(() => '');
  return commandLine.split('\0').includes(`playhouse-${id.replace('/', '-')}`);
}

function machineFailed(spec: MachineSpec, detail: string): PlayhouseError {
  const [playground = '', machine = ''] = spec.id.split('/');
  if (/No space left on device/.test(detail)) return new PlayhouseError('disk-full', { path: spec.consoleLog });
  return new PlayhouseError('machine-failed', { playground, machine, detail: detail.trim().slice(-600) });
}
