// Resource limits of machines. One group per playground below one group per installation, in whichever cgroup version the
// host has; this file alone knows the difference. Must never touch a group outside the installation’s own.
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { isMissing } from './durable-file.ts';

export interface MachineLimits {
  readonly cpuCount: number;
  readonly memoryBytes: number;
  /** Most threads the machine’s process may have. */
  readonly tasks: number;
}

type CgroupVersion = 'v1' | 'v2';

const controllersV1 = ['cpu', 'memory', 'pids'] as const;
const periodMicroseconds = 100_000;

/** The files to write for a set of limits, as `[controller, file, value]`; the controller is empty in version 2. */
export function limitFiles(version: CgroupVersion, limits: MachineLimits): readonly (readonly [string, string, string])[] {
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

  /** Makes the group with its limits and moves the process, all its threads, into it. Idempotent. */
  async place(group: string, pid: number, limits: MachineLimits): Promise<void> {
    for (const directory of this.#directories(group)) {
      await mkdir(directory, { recursive: true });
      if (this.#version === 'v2') await this.#delegate(group);
    }
    for (const [controller, file, value] of limitFiles(this.#version, limits)) {
      await writeFile(`${this.#directory(controller, group)}/${file}`, value);
    }
    for (const directory of this.#directories(group)) await writeFile(`${directory}/cgroup.procs`, String(pid));
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
    const nested = await Promise.all((await childGroups(directory)).map((child) => this.processes(`${group}/${child}`)));
    const own = await readFile(`${directory}/cgroup.procs`, 'utf8').catch(() => '');
    return [...own.split('\n').filter(Boolean).map(Number), ...nested.flat()];
  }

  #directories(group: string): readonly string[] {
    const controllers = this.#version === 'v2' ? [''] : controllersV1;
    return controllers.map((controller) => this.#directory(controller, group));
  }

  #directory(controller: string, group: string): string {
    return [this.#root, controller, this.#name, group].filter(Boolean).join('/');
  }

  /** In version 2 a group’s controllers work only when every ancestor hands them down. */
  async #delegate(group: string): Promise<void> {
    const parts = [this.#name, ...group.split('/').slice(0, -1)];
    const ancestors = ['', ...parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`)];
    for (const ancestor of ancestors) {
      await writeFile(`${this.#root}${ancestor}/cgroup.subtree_control`, '+cpu +memory +pids');
    }
  }
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
