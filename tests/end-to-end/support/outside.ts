// The world outside the test’s host: another namespace with web servers that say who asked, a name server, a metadata service
// as clouds have them, and a listener that remembers what packets reached it.
import type { Installation } from './installation.ts';
import { run, runOk, Service } from './process.ts';

const program = `
const seen = [];
require('node:dgram').createSocket('udp4').on('message', (text) => seen.push(String(text))).bind(9999);
require('node:http').createServer((request, response) =>
  response.end(request.url === '/seen' ? JSON.stringify(seen) : 'you are ' + request.socket.remoteAddress)).listen(80, '0.0.0.0');
`;

export class Outside implements AsyncDisposable {
  /** Three addresses of the Internet. */
  readonly address = '203.0.113.1';
  readonly otherAddress = '203.0.113.9';
  readonly listedAddress = '203.0.113.17';
  /** A server of the host’s private network; it serves names, too. */
  readonly privateAddress = '10.77.0.2';
  readonly metadataAddress = '169.254.169.254';
  /** The host’s own address on the way out, and that on its private network. */
  readonly hostAddress = '203.0.113.2';
  readonly hostPrivateAddress = '10.77.0.1';
  readonly #netns: string;
  readonly #installation: Installation;
  readonly #services: readonly Service[];

  private constructor(installation: Installation, netns: string) {
    this.#installation = installation;
    this.#netns = netns;
    const inside = ['nsenter', `--net=/run/netns/${netns}`, '--'];
    const names = [
      ...['--keep-in-foreground', '--conf-file=/dev/null', '--pid-file', '--no-resolv', '--no-hosts'],
      ...['--bind-interfaces', '--log-facility=/dev/null', `--listen-address=${this.privateAddress}`],
      `--address=/allowed.example/${this.address}`,
      `--address=/other.example/${this.otherAddress}`,
    ];
    this.#services = [
      new Service([...inside, process.execPath, '-e', program], {}),
      new Service([...inside, 'dnsmasq', ...names], {}),
    ];
  }

  /** Gives the installation’s host a way out. */
  static async connect(installation: Installation): Promise<Outside> {
    const netns = `${installation.netns}o`;
    await runOk(['ip', 'netns', 'add', netns]);
    const peer = ['type', 'veth', 'peer', 'name', 'uplink', 'netns', netns];
    await runOk(['ip', '-n', installation.netns, 'link', 'add', 'uplink', ...peer]);
    const ends = {
      [installation.netns]: ['203.0.113.2/24', '10.77.0.1/24'],
      [netns]: [
        ...['203.0.113.1/24', '203.0.113.9/24', '203.0.113.17/24'],
        ...['10.77.0.2/24', '169.254.169.254/32'],
      ],
    };
    for (const [name, addresses] of Object.entries(ends)) {
      for (const address of addresses)
        await runOk(['ip', '-n', name, 'address', 'add', address, 'dev', 'uplink']);
      await runOk(['ip', '-n', name, 'link', 'set', 'uplink', 'up']);
    }
    await runOk(['ip', '-n', installation.netns, 'route', 'add', 'default', 'via', '203.0.113.1']);
    return new Outside(installation, netns);
  }

  /** What arrived here by UDP on port 9999, from whomever. */
  async seen(): Promise<readonly string[]> {
    const url = `http://${this.address}/seen`;
    return JSON.parse(await runOk([...this.#installation.inNetns, 'curl', '-s', url])) as string[];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const service of this.#services) await service.kill();
    await run(['ip', 'netns', 'delete', this.#netns]);
  }
}
