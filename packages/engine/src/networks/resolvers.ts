// Runs the resolvers of playgrounds: dnsmasq in their netns, detached, so that it outlives the engine as machines do. Its
// configuration file, which carries the network’s name, says whose it is.
import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { namesIn, removeTree, readTextIfPresent } from '../system/durable-file.ts';
import { findProcesses } from '../system/find-processes.ts';
import { identify, killAndWait, type ProcessIdentity } from '../system/process-identity.ts';
import { startDetached } from '../system/start-detached.ts';
import { enterNetns } from './ip-commands.ts';
import type { PlaygroundNetwork } from './playground-network.ts';
import { planResolvers, resolverHosts, type ResolverPlan } from './resolver-files.ts';

const startTimeoutMs = 30_000;
const pollMs = 5;

export class Resolvers {
  readonly #folder: string;
  readonly #devices: string;
  readonly #nameservers: readonly string[];

  /** Files go into `folder`; all networks’ names begin with `devices`; other names are asked of `nameservers`. */
  constructor(folder: string, devices: string, nameservers: readonly string[]) {
    this.#folder = folder;
    this.#devices = devices;
    this.#nameservers = nameservers;
  }

  /**
   * Starts those resolvers of a network that do not run, and returns when they answer. Idempotent; what a crash leaves behind
   * `stop` removes.
   * @throws PlayhouseError network-failed
   */
  async start(network: PlaygroundNetwork): Promise<void> {
    const hosts = this.#file(network.name, 'hosts');
    const running = this.#processes();
    // dnsmasq reads it without privileges; it says what every machine of the playground knows.
    await writeFile(hosts, resolverHosts(network), { mode: 0o644 });
    await Promise.all(
      this.#plans(network).map(async ({ file, bridges, configuration }) => {
        if (running.some((process) => process.file === file)) return;
        await writeFile(file, configuration, { mode: 0o644 });
        const addresses = bridges.map(({ gateway }) => gateway);
        await launch(network.name, file, addresses);
      }),
    );
  }

  /** Those of the networks whose resolvers do not all run. */
  async missing(networks: readonly PlaygroundNetwork[]): Promise<readonly PlaygroundNetwork[]> {
    const running = new Set(this.#processes().map(({ file }) => file));
    return networks.filter((network) => this.#plans(network).some(({ file }) => !running.has(file)));
  }

  /** Ends a network’s resolvers and removes their files. Silent when there are none. */
  async stop(name: string): Promise<void> {
    for (const { process, file } of this.#processes())
      if (this.#owner(file) === name) await killAndWait(process);
    for (const file of await this.#files())
      if (this.#owner(file) === name) await removeTree(`${this.#folder}/${file}`);
  }

  /** Names of the networks that resolvers or their files exist for. */
  async list(): Promise<readonly string[]> {
    const files = [...this.#processes().map(({ file }) => file), ...(await this.#files())];
    return [...new Set(files.flatMap((file) => this.#owner(file) ?? []))];
  }

  #plans(network: PlaygroundNetwork): readonly (ResolverPlan & { readonly file: string })[] {
    const plans = planResolvers(network, this.#nameservers, this.#file(network.name, 'hosts'));
    return plans.map((plan, index) => ({ ...plan, file: this.#file(network.name, `${index}.conf`) }));
  }

  #file(name: string, end: string): string {
    return `${this.#folder}/names-${name}.${end}`;
  }

  #owner(file: string): string | null {
    const name = /^names-(.+?)\./.exec(file.slice(file.lastIndexOf('/') + 1))?.[1];
    return name?.startsWith(this.#devices) ? name : null;
  }

  async #files(): Promise<readonly string[]> {
    return (await namesIn(this.#folder)).filter((file) => this.#owner(file) !== null);
  }

  /** Living resolvers of this installation, each with its configuration file. */
  #processes(): readonly { readonly process: ProcessIdentity; readonly file: string }[] {
    const fileOf = (option = '') => option.slice('--conf-file='.length);
    const found = findProcesses(([program, option]) => {
      const file = fileOf(option);
      return program === 'dnsmasq' && file.startsWith(`${this.#folder}/`) && this.#owner(file) !== null;
    });
    return found.map(({ process, words: [, option] }) => ({ process, file: fileOf(option) }));
  }
}

async function launch(netns: string, file: string, addresses: readonly string[]): Promise<void> {
  const log = file.replace(/conf$/, 'log');
  const argv = [...enterNetns(netns), 'dnsmasq', `--conf-file=${file}`];
  const { pid, exited } = await startDetached(argv, log);
  let ended = false;
  void exited.then(() => (ended = true));
  const process = pid === null ? null : identify(pid);
  const fail = async (reason: string): Promise<never> => {
    if (process) await killAndWait(process);
    const said = ((await readTextIfPresent(log)) ?? '').trim().slice(-300);
    throw new PlayhouseError('network-failed', { detail: `the resolver of ${netns} ${reason}: ${said}` });
  };
  const deadline = performance.now() + startTimeoutMs;
  while (!(await listens(pid, addresses))) {
    if (ended) await fail('ended');
    if (performance.now() > deadline) await fail('did not begin to listen');
    await setTimeout(pollMs);
  }
}

/** True when the process has become dnsmasq, and its network namespace has UDP sockets on port 53 of these addresses. */
async function listens(pid: number | null, addresses: readonly string[]): Promise<boolean> {
  const [line, table] = await Promise.all(
    ['cmdline', 'net/udp'].map(
      async (file) => await readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => ''),
    ),
  );
  if (!line?.startsWith('dnsmasq\0')) return false;
  return addresses.every((address) => table?.includes(` ${procAddress(address)}:0035 `));
}

/** An address as the kernel prints it in /proc/net/udp: its four bytes from the last to the first. */
function procAddress(address: string): string {
  const bytes = address.split('.').toReversed();
  return bytes
    .map((byte) => Number(byte).toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();
}
