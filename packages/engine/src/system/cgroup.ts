// Resource limits of machines. One group per playground below one group per installation, in whichever cgroup version the
// host has; this file alone knows the difference. Must never touch a group outside the installation’s own.
import { constants, existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { isMissing } from './durable-file.ts';

export interface MachineLimits {
  readonly cpuCount: number;
  readonly memoryBytes: number;
  /** Most threads the machine’s process may have. */
  readonly tasks: number;
}

type CgroupVersion = 'v1' | 'v2';

const controllers = ['cpu', 'memory', 'pids'] as const;
const periodMicroseconds = 100_000;

/** The files to write for a set of limits, as `[controller, file, value]`; the controller is empty in version 2. */
export function limitFiles(
  version: CgroupVersion,
  limits: MachineLimits,
): readonly (readonly [string, string, string])[] {
  const quota = String(limits.cpuCount * periodMicroseconds);
  if (version === 'v2') {
    return [
      ['', 'cpu.max', `${quota} ${periodMicroseconds}`],
      ['', 'memory.max', String(limits.memoryBytes)],
      ['', 'pids.max', String(limits.tasks)],
    ];
  }
  return [
    ['cpu', 'cpu.cfs_period_us', String(periodMicroseconds)],
    ['cpu', 'cpu.cfs_quota_us', quota],
    ['memory', 'memory.limit_in_bytes', String(limits.memoryBytes)],
    ['pids', 'pids.max', String(limits.tasks)],
  ];
}

/** The cgroups of one installation, all below a folder called `name`. */
export class Cgroups {
  readonly #name: string;
  readonly #root: string;
  readonly #version: CgroupVersion;

  constructor(name: string, root = '/sys/fs/cgroup') {
    this.#name = name;
    this.#root = root;
    this.#version = existsSync(`${root}/cgroup.controllers`) ? 'v2' : 'v1';
  }

  /**
   * Makes the group with its limits and moves the process, all its threads, into it. Idempotent. A machine without limits
   * could starve all others, so none runs where the host has no limits to give.
   * @throws PlayhouseError limits-unavailable
   */
  async place(group: string, pid: number, limits: MachineLimits): Promise<void> {
    try {
      await this.#requireControllers();
      for (const directory of this.#directories(group)) await mkdir(directory, { recursive: true });
      if (this.#version === 'v2') await this.#delegate(group);
      for (const [controller, file, value] of limitFiles(this.#version, limits)) {
        await writeControl(`${this.#directory(controller, group)}/${file}`, value);
      }
    } catch (cause) {
      if (cause instanceof PlayhouseError) throw cause;
      const detail = cause instanceof Error ? cause.message : String(cause);
      throw new PlayhouseError('limits-unavailable', { detail }, { cause });
    }
    for (const directory of this.#directories(group))
      await writeControl(`${directory}/cgroup.procs`, String(pid));
  }

  /** Removes a group with everything below it; silent when it is not there. Its processes must have ended. */
  async remove(group: string): Promise<void> {
    for (const directory of this.#directories(group)) await removeGroup(directory);
  }

  /** The names of the groups directly below the installation’s. */
  async list(): Promise<readonly string[]> {
    const names = await Promise.all(this.#directories('').map(childGroups));
    return [...new Set(names.flat())];
  }

  /** Every process in a group or below it. */
  async processes(group: string): Promise<readonly number[]> {
    const [directory = ''] = this.#directories(group);
    const nested = await Promise.all(
      (await childGroups(directory)).map((child) => this.processes(`${group}/${child}`)),
    );
    const own = await readFile(`${directory}/cgroup.procs`, 'utf8').catch(() => '');
    return [...own.split('\n').filter(Boolean).map(Number), ...nested.flat()];
  }

  #directories(group: string): readonly string[] {
    const trees = this.#version === 'v2' ? [''] : controllers;
    return trees.map((tree) => this.#directory(tree, group));
  }

  /** In version 1 a controller that is not mounted would only be an empty folder that takes any file and limits nothing. */
  async #requireControllers(): Promise<void> {
    const offered =
      this.#version === 'v2'
        ? (await readFile(`${this.#root}/cgroup.controllers`, 'utf8')).trim().split(/\s+/)
        : controllers.filter((controller) => existsSync(`${this.#root}/${controller}/cgroup.procs`));
    const missing = controllers.filter((controller) => !offered.includes(controller));
    if (missing.length === 0) return;
    const detail = `${this.#root} (cgroup ${this.#version}) does not offer ${missing.join(', ')}`;
    throw new PlayhouseError('limits-unavailable', { detail });
  }

  #directory(controller: string, group: string): string {
    return [this.#root, controller, this.#name, group].filter(Boolean).join('/');
  }

  /** In version 2 a group’s controllers work only when every ancestor hands them down. What it hands down is left alone. */
  async #delegate(group: string): Promise<void> {
    const parts = [this.#name, ...group.split('/').slice(0, -1)];
    const ancestors = ['', ...parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`)];
    for (const ancestor of ancestors) {
      const file = `${this.#root}${ancestor}/cgroup.subtree_control`;
      const enabled = (await readFile(file, 'utf8')).trim().split(/\s+/);
      const wanted = controllers.filter((controller) => !enabled.includes(controller));
      if (wanted.length > 0) await writeControl(file, wanted.map((controller) => `+${controller}`).join(' '));
    }
  }
}

/** Never creates the file: a control file is the kernel’s, or there is none. */
async function writeControl(path: string, value: string): Promise<void> {
  await writeFile(path, value, { flag: constants.O_WRONLY });
}

async function childGroups(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

async function removeGroup(directory: string): Promise<void> {
  for (const child of await childGroups(directory)) await removeGroup(`${directory}/${child}`);
  for (let attempt = 1; ; attempt++) {
    try {
      return await rmdir(directory);
    } catch (error) {
      if (isMissing(error)) return;
      // The kernel lets go of a group a moment after its last process was reaped.
      if (attempt === 100) throw error;
      await setTimeout(20);
    }
  }
}
