// The world outside the test’s host: another namespace, with a web server that says who asked.
import type { Installation } from './installation.ts';
import { run, runOk, Service } from './process.ts';

const program = `
require('node:http').createServer((request, response) => response.end('you are ' + request.socket.remoteAddress)).listen(80, '203.0.113.1');
`;

export class Outside implements AsyncDisposable {
  readonly address = '203.0.113.1';
  /** The host’s own address on the way out. */
  readonly hostAddress = '203.0.113.2';
  readonly #netns: string;
  readonly #server: Service;

  private constructor(netns: string) {
    this.#netns = netns;
    this.#server = new Service(
      ['nsenter', `--net=/run/netns/${netns}`, '--', process.execPath, '-e', program],
      {},
    );
  }

  /** Gives the installation’s host a way out. */
  static async connect(installation: Installation): Promise<Outside> {
    const netns = `${installation.netns}o`;
    await runOk(['ip', 'netns', 'add', netns]);
    await runOk([
      'ip',
      '-n',
      installation.netns,
      'link',
      'add',
      'uplink',
      'type',
      'veth',
      'peer',
      'name',
      'uplink',
      'netns',
      netns,
    ]);
    const inside = [installation.netns, '203.0.113.2/24'] as const;
    for (const [name, address] of [inside, [netns, '203.0.113.1/24'] as const]) {
      await runOk(['ip', '-n', name, 'address', 'add', address, 'dev', 'uplink']);
      await runOk(['ip', '-n', name, 'link', 'set', 'uplink', 'up']);
    }
    await runOk(['ip', '-n', installation.netns, 'route', 'add', 'default', 'via', '203.0.113.1']);
    return new Outside(netns);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.kill();
    await run(['ip', 'netns', 'delete', this.#netns]);
  }
}
