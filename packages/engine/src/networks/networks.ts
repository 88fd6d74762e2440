// Wires playgrounds: a netns each, with bridges, taps, fences, address translation and resolvers. The only place that runs `ip`
// and `nft`. Must never change anything on the host that does not carry this installation’s name.
import { networkInterfaces } from 'node:os';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { namesIn } from '../system/durable-file.ts';
import { type Run, runOrFail } from '../system/run.ts';
import { Turns } from '../system/turns.ts';
import { closeForwardPass, openForwardPass } from './forward-pass.ts';
import { type HostFence, hostRules, removeHostRules } from './host-rules.ts';
import { innerRules } from './inner-rules.ts';
import { enterNetns, hostBatch, innerBatch, innerSettings, parseLinks } from './ip-commands.ts';
import type { PlaygroundNetwork } from './playground-network.ts';
import { portRules } from './port-rules.ts';
import { Resolvers } from './resolvers.ts';

export interface NetworksOptions {
  /** Beginning of all names, for example `ph1a2b-`. */
  readonly devices: string;
  /** Where files of the resolvers go. */
  readonly runFolder: string;
  /** Name servers that resolvers ask, and machines may. */
  readonly nameservers: readonly string[];
  /** Where `ip` keeps named network namespaces. Default: /run/netns. */
  readonly netnsFolder?: string;
}

/** The networks of one installation. */
export class Networks {
  readonly #run: Run;
  readonly #devices: string;
  readonly #nameservers: readonly string[];
  readonly #netnsFolder: string;
  readonly #resolvers: Pick<Resolvers, keyof Resolvers>;
  /** A network is wired, unwired and tended by one at a time. */
  readonly #turns = new Turns();

  constructor(
    { devices, runFolder, nameservers, netnsFolder = '/run/netns' }: NetworksOptions,
    run: Run = runOrFail,
    resolvers: Pick<Resolvers, keyof Resolvers> = new Resolvers(runFolder, devices, nameservers),
  ) {
    this.#devices = devices;
    this.#nameservers = nameservers;
    this.#netnsFolder = netnsFolder;
    this.#run = run;
    this.#resolvers = resolvers;
  }

  /** Sets the host’s rules of this installation, replacing earlier ones. Idempotent. */
  async prepareHost(fence: Pick<HostFence, 'edgeRange' | 'reachableRanges'>): Promise<void> {
    const names = { table: this.table, devices: this.#devices, nameservers: this.#nameservers };
    await this.#run(['sysctl', '-qw', 'net.ipv4.ip_forward=1']);
    await this.#run(['nft', '-f', '-'], { input: hostRules({ ...fence, ...names }) });
    await this.tendHost();
  }

  /** Lets machines pass a firewall of the host that came, or was set anew, meanwhile. Idempotent. */
  async tendHost(): Promise<void> {
    await openForwardPass(this.#devices, this.#run);
  }

  /** Removes the host’s rules. Idempotent. */
  async releaseHost(): Promise<void> {
    await this.#run(['nft', '-f', '-'], { input: removeHostRules(this.table) });
    await closeForwardPass(this.#devices, this.#run);
  }

  /**
   * Wires a playground. What a crash left half-made under the same name is removed first, so it can be run again at
   * any point as long as no machine uses the network.
   * @throws PlayhouseError network-failed, also when the name is another playground’s: numbers begin anew when a server
   * loses its database, and what runs under the old ones must not suffer
   */
  async wire(network: PlaygroundNetwork): Promise<void> {
    const { name, owner } = network;
    await this.#turns.take(name, async () => {
      const there = await this.#find(name);
      if (isForeign(there, owner)) {
        const detail = `the name ${name} belongs to another playground that still runs`;
        throw new PlayhouseError('network-failed', { detail });
      }
      try {
        await this.#remove(name, there);
        await this.#make(network);
      } catch (cause) {
        await this.#remove(name, await this.#find(name));
        if (cause instanceof PlayhouseError && cause.code === 'network-failed') throw cause;
        const detail = cause instanceof Error ? cause.message : String(cause);
        throw new PlayhouseError('network-failed', { detail }, { cause });
      }
    });
  }

  /**
   * Removes a playground’s netns with everything in it. Idempotent; its machines must have ended. With an owner, what
   * carries the name but says that it is another’s is left alone.
   */
  async unwire(name: string, owner: string | null = null): Promise<void> {
    await this.#turns.take(name, async () => {
      const there = await this.#find(name);
      if (owner === null || !isForeign(there, owner)) await this.#remove(name, there);
    });
  }

  /** Those of the networks whose resolvers do not all run. */
  async ailing(networks: readonly PlaygroundNetwork[]): Promise<readonly PlaygroundNetwork[]> {
    return await this.#resolvers.missing(networks);
  }

  /** Starts resolvers of a wired network that have died. Silent when there is no such network. Idempotent. */
  async tend(network: PlaygroundNetwork): Promise<void> {
    await this.#turns.take(network.name, async () => {
      const { netns } = await this.#find(network.name);
      if (netns) await this.#resolvers.start(network);
    });
  }

  async #make(network: PlaygroundNetwork): Promise<void> {
    const inside = enterNetns(network.name);
    await this.#run(['ip', '-batch', '-'], { input: hostBatch(network) });
    // The fences stand before the first port does, and the settings before any interface is up.
    const rules = portRules(network) + innerRules(network, this.#nameservers);
    await Promise.all([
      this.#run([...inside, ...innerSettings]),
      this.#run([...inside, 'nft', '-f', '-'], { input: rules }),
    ]);
    await this.#run([...inside, 'ip', '-batch', '-'], { input: innerBatch(network) });
    await this.#resolvers.start(network);
  }

  async #remove(name: string, { link, netns }: Remains): Promise<void> {
    await this.#resolvers.stop(name);
    // The host’s end goes first: a netns that a process still holds open would keep the pair alive.
    if (link) await this.#run(['ip', 'link', 'delete', name]);
    if (netns) await this.#run(['ip', 'netns', 'delete', name]);
  }

  async #find(name: string): Promise<Remains> {
    const [netns, links] = await Promise.all([this.#netns(), this.#links()]);
    return { netns: netns.includes(name), link: links.find((link) => link.name === name) ?? null };
  }

  /** Names of this installation’s netns, host interfaces and networks with resolvers that exist now. */
  async list(): Promise<Readonly<Record<'netns' | 'links' | 'resolvers', readonly string[]>>> {
    const [netns, links, resolvers] = await Promise.all([
      this.#netns(),
      this.#links(),
      this.#resolvers.list(),
    ]);
    const own = (name: string) => name.startsWith(this.#devices);
    return {
      netns: netns.filter(own),
      links: links.map(({ name }) => name).filter(own),
      resolvers,
    };
  }

  /** Names of the networks whose host’s end says that it is this playground’s. */
  async ownedBy(playgroundId: string): Promise<readonly string[]> {
    const owner = ownerTag(this.#devices, playgroundId);
    return (await this.#links()).filter(({ alias }) => alias === owner).map(({ name }) => name);
  }

  async #netns(): Promise<readonly string[]> {
    return await namesIn(this.#netnsFolder);
  }

  async #links(): Promise<ReturnType<typeof parseLinks>> {
    return parseLinks((await this.#run(['ip', '-json', 'link', 'show', 'type', 'veth'])).stdout);
  }

  /** The IPv4 addresses of the host’s interfaces that are up. */
  hostAddresses(): readonly string[] {
    return Object.values(networkInterfaces())
      .flatMap((addresses = []) => addresses)
      .flatMap(({ family, address }) => (family === 'IPv4' ? [address] : []));
  }

  get table(): string {
    return `playhouse_${this.#devices.replaceAll('-', '')}`;
  }
}

/** What there is under a network’s name. */
interface Remains {
  readonly netns: boolean;
  /** The host’s end of the veth pair. */
  readonly link: { readonly alias: string | null } | null;
}

function isForeign({ link }: Remains, owner: string): boolean {
  return link !== null && link.alias !== null && link.alias !== owner;
}

/** What the alias of a playground’s interface says: whose it is. */
export function ownerTag(devices: string, playgroundId: string): string {
  return `playhouse:${devices}${playgroundId}`;
}
