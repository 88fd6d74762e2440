// What an installation has on the host, found without asking it: the judge of “nothing is left”.
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { runOk } from './process.ts';

export interface HostView {
  readonly state: string;
  /** Words that put a program into the namespace in which the installation runs. */
  readonly inNetns: readonly string[];
  /** True when that is the host’s own, where others have things too. */
  readonly shared: boolean;
}

/** The four digits that are part of the name of everything the installation makes; null before its first engine. */
export async function installationId(state: string): Promise<string | null> {
  const text = await readFile(`${state}/engine/installation.json`, 'utf8').catch(() => null);
  return text === null ? null : (JSON.parse(text) as { id: string }).id;
}

/** Everything that playgrounds have on the host now: netns, interfaces, tables, cgroups, processes, files. */
export async function hostObjects({ state, inNetns, shared }: HostView): Promise<string[]> {
  const id = (await installationId(state)) ?? '';
  // A namespace of the test has nothing but what the test itself put there.
  const ours = (name: string) => (shared ? name.includes(`ph${id}`) : !['lo', 'uplink'].includes(name));
  const links = JSON.parse((await runOk([...inNetns, 'ip', '-json', 'link', 'show'])) || '[]') as {
    ifname: string;
  }[];
  const tables = (await runOk([...inNetns, 'nft', 'list', 'tables'])).split('\n');
  const hidden = (name: string) => name.startsWith('.');
  return [
    ...(await networkNamespaces(id)),
    ...links.map(({ ifname }) => ifname).filter(ours),
    ...tables.filter((line) => line !== '' && ours(line) && !line.endsWith(`playhouse_ph${id}`)),
    ...(await cgroups(`playhouse-${id}`)),
    ...(await machineProcesses(state)).map((pid) => `qemu ${pid}`),
    ...(await resolverProcesses(state)).map((pid) => `dnsmasq ${pid}`),
    ...(await entries(`${state}/playgrounds`)),
    ...(await entries(`${state}/run`)).filter((name) => /^([0-9a-f]{24}|names-)/.test(name)),
    ...(await entries(`${state}/sources`)).filter(hidden),
    ...(await entries(`${state}/kernels`)).filter(hidden),
    ...(await entries(`${state}/engine`)).filter((name) => name.startsWith('journal')),
  ];
}

/** The netns of an installation’s playgrounds. */
export async function networkNamespaces(id: string): Promise<string[]> {
  return (await entries('/run/netns')).filter((name) => name.startsWith(`ph${id}-`));
}

/** Pids of the QEMU processes that work on this state directory. */
export async function machineProcesses(state: string): Promise<number[]> {
  return await processes('qemu-system', state);
}

/** Pids of the resolvers whose configuration lies in this state directory. */
async function resolverProcesses(state: string): Promise<number[]> {
  return await processes('dnsmasq', state);
}

/** Kills machines and resolvers, as a host that goes down does. */
export async function killProcesses(state: string): Promise<void> {
  for (const pid of [...(await machineProcesses(state)), ...(await resolverProcesses(state))])
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      // It may have ended by itself since.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
}

async function processes(program: string, state: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      return line.startsWith(program) && line.includes(`${state}/`) ? [Number(pid)] : [];
    }),
  );
  return found.flat();
}

/** The groups below an installation’s own, of all cgroup hierarchies of the host. */
async function cgroups(name: string): Promise<string[]> {
  const root = '/sys/fs/cgroup';
  const roots = [root, ...(await directories(root)).map((entry) => `${root}/${entry}`)];
  const own = roots.map((folder) => `${folder}/${name}`).filter((path) => existsSync(path));
  const groups = await Promise.all(own.map(directories));
  return [...new Set(groups.flat())].map((group) => `cgroup ${group}`);
}

async function entries(directory: string): Promise<string[]> {
  return await readdir(directory).catch(() => []);
}

async function directories(directory: string): Promise<string[]> {
  const found = await readdir(directory, { withFileTypes: true }).catch(() => []);
  return found.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}
