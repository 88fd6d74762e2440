// An installation brought up by `playhouse up` itself, beside the host’s own: another state directory, port and range.
import { randomInt } from 'node:crypto';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { imageCache, repository } from '../tests/end-to-end/support/locations.ts';
import { timed } from './measure.ts';

export class UpInstallation implements AsyncDisposable {
  readonly #state: string;
  readonly command = `${repository}/playhouse`;

  private constructor(state: string) {
    this.#state = state;
  }

  static async create(): Promise<UpInstallation> {
    const state = await mkdtemp('/tmp/phb-');
    // The server’s user has to get through.
    await chmod(state, 0o755);
    const lines = [
      `stateDirectory: ${state}/state`,
      `server: { port: ${randomInt(20_000, 30_000)}, user: nobody }`,
      `engine: { machineUser: nobody, edgeRange: 100.${randomInt(65, 127)}.0.0/20 }`,
    ];
    await writeFile(`${state}/config.yaml`, `${lines.join('\n')}\n`);
    await mkdir(`${state}/state`);
    for (const folder of ['kernels', 'sources', 'engine']) {
      await cp(`${imageCache}/${folder}`, `${state}/state/${folder}`, {
        recursive: true,
        preserveTimestamps: true,
      });
    }
    await rm(`${state}/state/engine/installation.json`, { force: true });
    return new UpInstallation(state);
  }

  get env(): NodeJS.ProcessEnv {
    return {
      PLAYHOUSE_CONFIG: `${this.#state}/config.yaml`,
      HOME: this.#state,
      XDG_CONFIG_HOME: this.#state,
    };
  }

  async up(): Promise<void> {
    await timed([this.command, 'up', '--no-demo'], this.env);
  }

  async pid(service: 'server' | 'engine'): Promise<number> {
    const text = await readFile(`${this.#state}/state/run/${service}.pid`, 'utf8');
    return Number(/\d+/.exec(text)?.[0]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await timed([this.command, 'down', '--purge'], this.env);
    await rm(this.#state, { recursive: true, force: true });
  }
}
