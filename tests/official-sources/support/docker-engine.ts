// A Docker Engine of the test’s own, with its own socket and folders: what the host’s may have is neither seen nor changed.
import { mkdtemp, rm } from 'node:fs/promises';
import { run, Service } from '../../end-to-end/support/process.ts';
import { until } from '../../end-to-end/support/until.ts';

export class DockerEngine implements AsyncDisposable {
  readonly #folder: string;
  readonly #service: Service;

  private constructor(folder: string, service: Service) {
    this.#folder = folder;
    this.#service = service;
  }

  /** Builds share the host’s network, so the engine needs none of its own and leaves the host’s firewall alone. */
  static async start(): Promise<DockerEngine> {
    const folder = await mkdtemp('/tmp/phd-');
    const places = {
      host: `unix://${folder}/socket`,
      'data-root': `${folder}/data`,
      'exec-root': `${folder}/run`,
    };
    const options = Object.entries({
      ...places,
      pidfile: `${folder}/pid`,
      bridge: 'none',
      iptables: 'false',
    });
    const words = options.map(([name, value]) => `--${name}=${value}`);
    const engine = new DockerEngine(folder, new Service(['dockerd', ...words], {}));
    const answers = async () => (await run(['docker', 'version'], { env: engine.env })).code === 0;
    await until('the Docker Engine to answer', answers, engine.#service);
    return engine;
  }

  get env(): NodeJS.ProcessEnv {
    return { DOCKER_HOST: `unix://${this.#folder}/socket`, DOCKER_CONFIG: this.#folder };
  }

  /** Asked to end, it ends its containerd, too; the network namespace that it made for itself stays mounted. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#service.kill('SIGTERM');
    await run(['umount', `${this.#folder}/run/netns/default`]);
    await rm(this.#folder, { recursive: true, force: true });
  }
}
