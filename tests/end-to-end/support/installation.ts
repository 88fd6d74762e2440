// A whole Playhouse installation for a test: its own state directory, and its own network namespace in the place of the
// host’s, so that addresses, ports and firewall rules of two test runs never meet. `await using` removes it all.
import { randomBytes, randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { createClient } from '@playhouse/contract/routes/client';
import type { Playground } from '@playhouse/contract/playground';
import { hasEnded, type Operation } from '@playhouse/contract/operation';
import { configurationText } from './configuration-text.ts';
import { copyImages } from './copy-images.ts';
import { fetchInside } from './fetch-inside.ts';
import type { InstallationOptions } from './installation-options.ts';
import {
  hostObjects,
  installationId,
  killProcesses,
  machineProcesses,
  networkNamespaces,
} from './host-objects.ts';
import { repository } from './locations.ts';
import { mountOwnDisk, mountSmallDisk, removeOwnDisk } from './own-disk.ts';
import { type Outcome, run, runOk, Service } from './process.ts';
import { ssh } from './ssh.ts';
import { bringTraefik } from './traefik.ts';
import { until } from './until.ts';

export class Installation implements AsyncDisposable {
  readonly id = randomBytes(3).toString('hex');
  readonly state: string;
  readonly #port: number;
  readonly #options: InstallationOptions;
  server: Service | null = null;
  engine: Service | null = null;

  private constructor(state: string, options: InstallationOptions) {
    this.state = state;
    this.#options = options;
    this.#port = options.hostNetwork ? randomInt(20_000, 30_000) : 7700;
  }

  /** Makes the installation; nothing runs yet. */
  static async create(options: InstallationOptions = {}): Promise<Installation> {
    const state = await mkdtemp('/tmp/pht-');
    const installation = new Installation(state, options);
    return await installation.#orDispose(async () => await installation.#prepare());
  }

  /** Makes it and brings server and engine up. */
  static async running(options: InstallationOptions = {}): Promise<Installation> {
    const installation = await Installation.create(options);
    return await installation.#orDispose(async () => {
      await installation.startServer();
      await installation.startEngine();
    });
  }

  /** A test that cannot begin leaves nothing behind either. */
  async #orDispose(work: () => Promise<void>): Promise<Installation> {
    try {
      await work();
      return this;
    } catch (error) {
      await this[Symbol.asyncDispose]();
      throw error;
    }
  }

  get netns(): string {
    return `pht${this.id}`;
  }

  get env(): NodeJS.ProcessEnv {
    return {
      PLAYHOUSE_CONFIG: `${this.state}/config.yaml`,
      PLAYHOUSE_ENDPOINT: `http://127.0.0.1:${this.#port}`,
      PLAYHOUSE_TOKEN_FILE: `${this.state}/server/admin-token`,
      HOME: `${this.state}/home`,
      XDG_CONFIG_HOME: `${this.state}/home/.config`,
      PATH: `${this.#programs}:${process.env['PATH']}`,
    };
  }

  /** Programs that this installation has and others have not. */
  get #programs(): string {
    return `${this.state}/programs`;
  }

  async startServer(env: NodeJS.ProcessEnv = {}): Promise<Service> {
    this.server = this.service('server', env);
    await until(
      'the server to answer',
      async () => existsSync(`${this.state}/run/server/link.sock`) && (await this.#health()) !== null,
      this.server,
    );
    if (this.engine?.alive)
      await until(
        'the engine to link again',
        async () => (await this.#health())?.engineConnected === true,
        this.server,
      );
    return this.server;
  }

  async startEngine(env: NodeJS.ProcessEnv = {}): Promise<Service> {
    this.engine = this.service('engine', env);
    await until(
      'the engine to link',
      async () => (await this.#health())?.engineConnected === true,
      this.engine,
    );
    return this.engine;
  }

  /** Starts a service without waiting for it. */
  service(name: 'server' | 'engine', env: NodeJS.ProcessEnv = {}, words: readonly string[] = []): Service {
    const main = `${repository}/packages/${name}/src/main.ts`;
    return new Service([...this.inNetns, process.execPath, main, ...words], { ...this.env, ...env });
  }

  /** Runs the `playhouse` command against this installation. */
  async cli(...words: string[]): Promise<Outcome> {
    const main = `${repository}/packages/cli/src/main.ts`;
    return await run([...this.inNetns, process.execPath, main, ...words], {
      env: this.env,
      timeoutMs: 240_000,
    });
  }

  /** The same, without waiting for its end. */
  cliService(...words: string[]): Service {
    const main = `${repository}/packages/cli/src/main.ts`;
    return new Service([...this.inNetns, process.execPath, main, ...words], this.env);
  }

  get inNetns(): readonly string[] {
    return this.#options.hostNetwork ? [] : ['nsenter', `--net=/run/netns/${this.netns}`, '--'];
  }

  /** A client of the API whose requests are made inside the namespace. */
  async client() {
    const token = (await readFile(`${this.state}/server/admin-token`, 'utf8')).trim();
    return createClient({
      endpoint: `http://127.0.0.1:${this.#port}`,
      token,
      fetch: async (url, init) => await this.fetch(url instanceof Request ? url.url : url.toString(), init),
    });
  }

  /** `fetch` from inside the namespace. In the host’s own it costs no process: benches ask often. */
  async fetch(url: string, init: RequestInit = {}): Promise<Response> {
    return await (this.#options.hostNetwork ? fetch(url, init) : fetchInside(this.inNetns, url, init));
  }

  async playground(reference: string): Promise<Playground> {
    const client = await this.client();
    return (await client('playground.get', { parameters: { playground: reference } })).playground;
  }

  /** Starts a playground and gives it as it is right after it was accepted. */
  async start(manifest: string | null = null, playspec = manifest === null ? 'debian' : 'flexbox') {
    const client = await this.client();
    const authorizedKeys = [await this.publicKey()];
    return await client('playground.start', {
      body: { playspec, authorizedKeys, ...(manifest === null ? {} : { manifest }) },
    });
  }

  /** Waits until an operation is over. */
  async ended(operationId: string, timeoutMs = 240_000): Promise<Operation> {
    return await this.#operation(operationId, ({ status }) => hasEnded(status), timeoutMs);
  }

  /** Waits until the engine has begun an operation. */
  async untilBegun(operationId: string): Promise<Operation> {
    return await this.#operation(operationId, ({ status }) => status !== 'pending', 60_000);
  }

  /** Asks for an operation until it is as wanted; a server that is down meanwhile is asked again. */
  async #operation(
    id: string,
    wanted: (operation: Operation) => boolean,
    timeoutMs: number,
  ): Promise<Operation> {
    const client = await this.client();
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const found = await client('operation.get', { parameters: { operation: id } }).catch(() => null);
      if (found && wanted(found.operation)) return found.operation;
      if (performance.now() > deadline)
        throw new Error(`waited in vain for operation ${id}: ${JSON.stringify(found)}`);
      await setTimeout(300);
    }
  }

  async destroy(reference: string): Promise<Operation> {
    const client = await this.client();
    const { operation } = await client('playground.destroy', { parameters: { playground: reference } });
    return await this.ended(operation.id);
  }

  /** Runs a command on a machine over SSH at its host-side address. */
  async ssh(address: string, user: string, command: string, timeoutMs?: number): Promise<Outcome> {
    return await ssh(this.inNetns, `${this.state}/home/id`, `${user}@${address}`, command, timeoutMs);
  }

  async publicKey(): Promise<string> {
    return (await readFile(`${this.state}/home/id.pub`, 'utf8')).trim();
  }

  /** Everything that playgrounds of this installation have on the host now. */
  async hostObjects(): Promise<string[]> {
    return await hostObjects({
      state: this.state,
      inNetns: this.inNetns,
      shared: this.#options.hostNetwork === true,
    });
  }

  /** Everything that snapshots of this installation have on its disk. */
  async storedObjects(): Promise<string[]> {
    const folders = ['layers', 'snapshots'].map(async (name) =>
      (await readdir(`${this.state}/${name}`).catch(() => [])).map((entry) => `${name}/${entry}`),
    );
    return (await Promise.all(folders)).flat();
  }

  /** What is still on the host when nothing ought to be; the engine has a moment to put its journals away. */
  async leftovers(): Promise<string[]> {
    const deadline = performance.now() + 30_000;
    for (;;) {
      const left = [...(await this.hostObjects()), ...(await this.storedObjects())];
      if (left.length === 0 || performance.now() > deadline) return left;
      await setTimeout(100);
    }
  }

  /** Pids of the QEMU processes that work on this state directory. */
  async machineProcesses(): Promise<number[]> {
    return await machineProcesses(this.state);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const service of [this.engine, this.server]) await service?.kill();
    await killProcesses(this.state);
    await until('machines to be gone', async () => (await this.machineProcesses()).length === 0);
    const id = await installationId(this.state);
    if (id !== null) {
      for (const name of await networkNamespaces(id)) await run(['ip', 'netns', 'delete', name]);
      await this.service('engine', {}, ['release']).exited;
    }
    await run(['ip', 'netns', 'delete', this.netns]);
    if (this.#options.smallDisk)
      await run(['umount', '-l', `${this.state}/${this.#options.smallDisk.folder}`]);
    if (this.#options.ownDiskMiB !== undefined) await removeOwnDisk(this.state);
    // What was killed may still be at writing a file.
    await rm(this.state, { recursive: true, force: true, maxRetries: 10 });
  }

  async #prepare(): Promise<void> {
    const { smallDisk, ownDiskMiB, images = true, sources = ['debian-12'] } = this.#options;
    if (ownDiskMiB !== undefined) await mountOwnDisk(this.state, ownDiskMiB);
    await runOk(['ip', 'netns', 'add', this.netns]);
    await runOk([...this.inNetns, 'ip', 'link', 'set', 'lo', 'up']);
    await runOk(['chmod', '755', this.state]);
    await mkdir(`${this.state}/home/.config`, { recursive: true });
    await runOk(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', `${this.state}/home/id`]);
    const { proxy, traefikImage } = this.#options;
    if (proxy === 'traefik' && traefikImage === undefined) await bringTraefik(this.#programs);
    if (images) await copyImages(this.state, sources);
    if (smallDisk) await mountSmallDisk(`${this.state}/${smallDisk.folder}`, smallDisk.sizeKiB);
    await this.configure();
  }

  /** Writes the configuration file; `extra` is YAML lines for `engine:`. */
  async configure(...extra: string[]): Promise<void> {
    const place = { state: this.state, port: this.#port };
    await writeFile(`${this.state}/config.yaml`, configurationText(place, this.#options, extra));
  }

  async #health(): Promise<{ engineConnected: boolean } | null> {
    const response = await this.fetch(`http://127.0.0.1:${this.#port}/api/health`).catch(() => null);
    return response?.ok ? ((await response.json()) as { engineConnected: boolean }) : null;
  }
}
