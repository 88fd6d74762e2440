// The Docker client: the only place that starts `docker`.
import { confine } from '../../system/confinement.ts';
import type { RunOptions, RunResult } from '../../system/run.ts';
import { type Run, run as runProgram, runOrFail } from '../../system/run.ts';
import { clientPaths } from './docker-client.ts';
import type { DockerApi } from './docker-api.ts';

const path = 'PATH=/usr/sbin:/usr/bin:/sbin:/bin';

export class Docker {
  readonly api: DockerApi;
  readonly #client: ReturnType<typeof clientPaths>;
  readonly #run: Run;
  readonly #folder: string;
  readonly #configuration: string;

  /** `folder` has the client and its plugins. */
  constructor(api: DockerApi, folder: string, run: Run = runOrFail, configuration: string = folder) {
    this.#folder = folder;
    this.#configuration = configuration;
    this.api = api;
    this.#client = clientPaths(folder);
    this.#run = run;
  }

  /** The same client with another configuration, as one that opens registries. */
  withConfiguration(folder: string | null): Docker {
    return folder === null ? this : new Docker(this.api, this.#folder, this.#run, folder);
  }

  /** Folder of its plugins. */
  get plugins(): string {
    return `${this.#folder}/cli-plugins`;
  }

  /** Runs `docker` with these words. @throws PlayhouseError command-failed, command-timeout, cancelled */
  async run(words: readonly string[], options: RunOptions = {}): Promise<RunResult> {
    return await this.#run([...this.#before(), ...words], options);
  }

  /** The same, whatever the exit code. */
  async try(words: readonly string[], options: RunOptions = {}): Promise<RunResult> {
    return await runProgram([...this.#before(), ...words], options);
  }

  /** Runs `docker compose` on a project, whatever the exit code. Nothing of the engine’s own environment reaches the file. */
  async compose(
    project: string,
    file: string,
    words: readonly string[],
    options: RunOptions = {},
  ): Promise<RunResult> {
    const place = ['--project-name', project, '--file', file, '--project-directory', dirnameOf(file)];
    return await this.try(['compose', '--ansi', 'never', '--progress', 'plain', ...place, ...words], options);
  }

  /**
   * What `docker compose config` makes of a file, whatever the exit code. It reads whatever the file names, as root: so it sees the
   * folder of the file and the programs, and nothing else of the host, no network, no Docker.
   */
  async config(
    file: string,
    words: readonly string[],
    { root = dirnameOf(file), ...options }: RunOptions & { readonly root?: string } = {},
  ): Promise<RunResult> {
    const { program, configuration } = this.#client;
    const folder = dirnameOf(file);
    const confined = confine({ readable: [program, `${configuration}/cli-plugins`, root] });
    // The first process in there is not the client: its environment can be read in /proc.
    const alone = ['env', '--ignore-environment', path, ...confined];
    const place = ['--file', file, '--project-directory', folder];
    const remote = ['GIT', 'OCI'].map((kind) => `COMPOSE_EXPERIMENTAL_${kind}_REMOTE=false`);
    const client = ['env', '--ignore-environment', `DOCKER_CONFIG=${configuration}`, 'HOME=/tmp', path];
    const compose = [...client, ...remote, program, 'compose', '--ansi', 'never', ...place];
    return await runProgram([...alone, ...compose, ...words], options);
  }

  #before(): readonly string[] {
    const { program, configuration: home } = this.#client;
    // An empty environment: no variable of the host is ever interpolated.
    const environment = [
      `DOCKER_CONFIG=${this.#configuration}`,
      `BUILDX_CONFIG=${home}/buildx`,
      `HOME=${home}`,
      path,
    ];
    return ['env', '--ignore-environment', ...environment, program, '--host', `unix://${this.api.socket}`];
  }
}

function dirnameOf(file: string): string {
  return file.slice(0, file.lastIndexOf('/'));
}
