// Wires playgrounds: a netns each, with bridges, taps and address translation. The only place that runs `ip` and `nft`.
// Must never change anything on the host that does not carry this installation’s name.
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { type Run, runOrFail } from '../system/run.ts';
import { hostBatch, innerBatch, parseAddresses, parseLinks, parseNetnsList } from './ip-commands.ts';
import { hostRules, translationRules } from './nft-rules.ts';
import type { PlaygroundNetwork } from './playground-network.ts';

/** The networks of one installation. All names begin with `devices`, for example `ph1a2b-`. */
export class Networks {
  readonly #run: Run;
  readonly #devices: string;

  constructor(devices: string, run: Run = runOrFail) {
    this.#devices = devices;
    this.#run = run;
  }

  /** Sets the host’s rules of this installation, replacing earlier ones. Idempotent. */
  async prepareHost(edgeRange: string): Promise<void> {
    await this.#run(['sysctl', '-qw', 'net.ipv4.ip_forward=1']);
    await this.#run(['nft', '-f', '-'], { input: hostRules(this.table, this.#devices, edgeRange) });
  }

  /** Removes the host’s rules. Idempotent. */
  async releaseHost(): Promise<void> {
    await this.#run(['nft', '-f', '-'], {
      input: `table ip ${this.table} {}\ndelete table ip ${this.table}\n`,
    });
  }

  /**
   * Wires a playground. What a crash left half-made under the same name is removed first, so it can be run again at
   * any point as long as no machine uses the network.
   * @throws PlayhouseError network-failed, also when the name is another playground’s: numbers begin anew when a server
   * loses its database, and what runs under the old ones must not suffer
   */
  async wire(network: PlaygroundNetwork): Promise<void> {
    if (await this.#isForeign(network.name, network.owner)) {
      const detail = `the name ${network.name} belongs to another playground that still runs`;
      throw new PlayhouseError('network-failed', { detail });
    }
    try {
      await this.unwire(network.name);
      await this.#run(['ip', 'netns', 'add', network.name]);
      await this.#run(['ip', '-batch', '-'], { input: hostBatch(network) });
      await this.#run([...enterNetns(network.name), 'ip', '-batch', '-'], { input: innerBatch(network) });
      await this.#run([...enterNetns(network.name), 'sysctl', '-qw', 'net.ipv4.ip_forward=1']);
      await this.#run([...enterNetns(network.name), 'nft', '-f', '-'], { input: translationRules(network) });
    } catch (cause) {
      await this.unwire(network.name);
      const detail = cause instanceof Error ? cause.message : String(cause);
      throw new PlayhouseError('network-failed', { detail }, { cause });
    }
  }

  /**
   * Removes a playground’s netns with everything in it. Idempotent; its machines must have ended. With an owner, what
   * carries the name but says that it is another’s is left alone.
   */
  async unwire(name: string, owner: string | null = null): Promise<void> {
    if (owner !== null && (await this.#isForeign(name, owner))) return;
    const { netns, links } = await this.list();
    // The host’s end goes first: a netns that a process still holds open would keep the pair alive.
    if (links.includes(name)) await this.#run(['ip', 'link', 'delete', name]);
    if (netns.includes(name)) await this.#run(['ip', 'netns', 'delete', name]);
  }

  /** Names of this installation’s netns and host interfaces that exist now. */
  async list(): Promise<{ readonly netns: readonly string[]; readonly links: readonly string[] }> {
    const [netns, links] = await Promise.all([this.#run(['ip', '-json', 'netns', 'list']), this.#links()]);
    const own = (name: string) => name.startsWith(this.#devices);
    return {
      netns: parseNetnsList(netns.stdout).filter(own),
      links: links.map(({ name }) => name).filter(own),
    };
  }

  /** Names of the networks whose host’s end says that it is this playground’s. */
  async ownedBy(playgroundId: string): Promise<readonly string[]> {
    const owner = ownerTag(this.#devices, playgroundId);
    return (await this.#links()).filter(({ alias }) => alias === owner).map(({ name }) => name);
  }

  async #isForeign(name: string, owner: string): Promise<boolean> {
    return (await this.#links()).some(
      (link) => link.name === name && link.alias !== null && link.alias !== owner,
    );
  }

  async #links(): Promise<ReturnType<typeof parseLinks>> {
    return parseLinks((await this.#run(['ip', '-json', 'link', 'show', 'type', 'veth'])).stdout);
  }

  /** The host’s own IPv4 addresses. */
  async hostAddresses(): Promise<readonly string[]> {
    return parseAddresses((await this.#run(['ip', '-json', '-4', 'address', 'show'])).stdout);
  }

  get table(): string {
    return `playhouse_${this.#devices.replaceAll('-', '')}`;
  }
}

/** What the alias of a playground’s interface says: whose it is. */
export function ownerTag(devices: string, playgroundId: string): string {
  return `playhouse:${devices}${playgroundId}`;
}

/** The words to put before a program so that it runs in a playground’s network. */
export function enterNetns(name: string): readonly string[] {
  return ['nsenter', `--net=/run/netns/${name}`, '--'];
}
