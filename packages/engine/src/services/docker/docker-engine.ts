// The Docker Engine that services run on: the host’s own where one runs, else one of ours, which outlives the engine of Playhouse.
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { readTextIfPresent, writeDurably } from '../../system/durable-file.ts';
import { findProcesses } from '../../system/find-processes.ts';
import { isAlive, type ProcessIdentity } from '../../system/process-identity.ts';
import { run } from '../../system/run.ts';
import { startDetached } from '../../system/start-detached.ts';
import { Turns } from '../../system/turns.ts';
import { addressPool } from '../subnets/address-pool.ts';
import { DockerApi } from './docker-api.ts';
import { noteDockerFolders, releaseDockerFolders } from './docker-folders.ts';
import { noteDockerHost, releaseDockerHost } from './docker-host.ts';

const hostSocket = '/var/run/docker.sock';
const startTimeoutMs = 60_000;
const stopTimeoutMs = 30_000;
const pollMs = 50;

export interface DockerEngineOptions {
  /** Images, containers and volumes of our own Docker Engine. */
  readonly dataFolder: string;
  /** Its socket, pid file and log. */
  readonly runFolder: string;
  /**
   * `auto` takes the host’s own where one runs when it is first needed, and stays with that one: playgrounds are in it. `own` never
   * takes the host’s.
   */
  readonly which: 'auto' | 'own';
}

/** For networks that nobody chose a subnet for. */
const pool = `base=${addressPool.base},size=${addressPool.size}`;

export class DockerEngine {
  readonly #options: DockerEngineOptions;
  readonly #turns = new Turns();
  #starting: Promise<DockerApi> | null = null;

  constructor(options: DockerEngineOptions) {
    this.#options = options;
  }

  /**
   * Gives a Docker Engine that answers, starting ours where there is none.
   * @throws PlayhouseError docker-unavailable
   */
  async ensure(): Promise<DockerApi> {
    const found = await this.find();
    if (found) return found;
    if ((await this.#chosen()) === 'host')
      throw new PlayhouseError('docker-unavailable', {
        detail:
          'the host’s Docker, which playgrounds run on, does not answer. They go on where they are once it is started again.',
      });
    // Whoever comes meanwhile waits for the same.
    this.#starting ??= this.#start().finally(() => (this.#starting = null));
    return await this.#starting;
  }

  async #start(): Promise<DockerApi> {
    const { dataFolder, runFolder } = this.#options;
    await mkdir(dataFolder, { recursive: true, mode: 0o711 });
    await this.#choose('own');
    await mkdir(`${runFolder}/exec`, { recursive: true, mode: 0o700 });
    // Whatever the host’s own is told in /etc/docker is not for ours.
    const settings = `${runFolder}/daemon.json`;
    await writeDurably(settings, '{}');
    const log = `${runFolder}/dockerd.log`;
    // One that an earlier engine started may still be on its way; a second would not get its folders.
    const begun = this.#process();
    if (begun !== null) {
      const outcome = () => (isAlive(begun) ? undefined : 'an unknown code');
      const api = await this.#untilItAnswers(log, outcome).catch((error: unknown) => {
        if (isAlive(begun)) throw error;
      });
      if (api) return api;
    }
    await this.#removePidFiles();
    await noteDockerHost(this.#hostFile);
    await noteDockerFolders(this.#foldersFile);
    const { exited } = await startDetached(
      [
        'dockerd',
        ...['--config-file', settings, '--data-root', dataFolder, '--exec-root', `${runFolder}/exec`],
        ...['--pidfile', this.#pidFile, '--host', `unix://${this.#socket}`],
        ...['--default-address-pool', pool, '--live-restore', '--log-level', 'warn'],
        // Logs of containers are kept short, and compressed.
        ...['--log-driver', 'local'],
      ],
      log,
    );
    const outcome: { exit?: number | string } = {};
    void exited.then((exit) => (outcome.exit = exit));
    return await this.#untilItAnswers(log, () => outcome.exit);
  }

  /**
   * Removes what one that was killed has left: dockerd takes whoever has such a number now, if only a zombie, for one that runs, and
   * waits for its containerd in vain.
   */
  async #removePidFiles(): Promise<void> {
    const folder = `${this.#options.runFolder}/exec/containerd`;
    const containerd = findProcesses((words) => words.includes(`${folder}/containerd.toml`));
    if (containerd.length === 0) await rm(`${folder}/containerd.pid`, { force: true });
    await rm(this.#pidFile, { force: true });
  }

  /** @throws PlayhouseError docker-unavailable, when it has ended or takes too long */
  async #untilItAnswers(log: string, ended: () => number | string | undefined): Promise<DockerApi> {
    const api = new DockerApi(this.#socket);
    const deadline = performance.now() + startTimeoutMs;
    while (!(await api.answers())) {
      const exit = ended();
      if (exit !== undefined || performance.now() > deadline) {
        const said = (await readFile(log, 'utf8').catch(() => '')).trim().slice(-600);
        const how = exit === undefined ? 'does not answer' : `ended with ${exit}`;
        throw new PlayhouseError('docker-unavailable', { detail: `dockerd ${how}: ${said}` });
      }
      await setTimeout(pollMs);
    }
    return api;
  }

  /** The Docker Engine that runs; null when none does. */
  async find(): Promise<DockerApi | null> {
    const chosen = await this.#chosen();
    if (chosen !== null) {
      const api = new DockerApi(chosen === 'host' ? hostSocket : this.#socket);
      return (await api.answers()) ? api : null;
    }
    for (const [which, socket] of [
      ['own', this.#socket],
      ['host', hostSocket],
    ] as const) {
      const api = new DockerApi(socket);
      if (!(await api.answers())) continue;
      await this.#choose(which);
      return api;
    }
    return null;
  }

  /** The one that was taken when it was first needed; null before. */
  async #chosen(): Promise<'host' | 'own' | null> {
    if (this.#options.which === 'own') return 'own';
    const text = await readTextIfPresent(this.#choiceFile);
    return text === 'host' || text === 'own' ? text : null;
  }

  async #choose(which: 'host' | 'own'): Promise<void> {
    if (this.#options.which === 'own') return;
    // Several may ask for the first time at once.
    await this.#turns.take('choice', async () => {
      await mkdir(dirname(this.#choiceFile), { recursive: true, mode: 0o711 });
      await writeDurably(this.#choiceFile, which);
    });
  }

  /** Ends our own Docker Engine. Silent when it does not run. */
  async stop(): Promise<void> {
    const found = this.#process();
    if (found !== null) await this.#end(found);
    await this.#unmount();
  }

  /** Takes away what our own leaves on the host, once it has ended. Idempotent. */
  async release(): Promise<void> {
    await releaseDockerHost(this.#hostFile);
    await releaseDockerFolders(this.#foldersFile);
  }

  async #end(dockerd: ProcessIdentity): Promise<void> {
    process.kill(dockerd.pid, 'SIGTERM');
    const deadline = performance.now() + stopTimeoutMs;
    while (isAlive(dockerd)) {
      if (performance.now() > deadline)
        throw new PlayhouseError('docker-unavailable', { detail: 'dockerd does not end' });
      await setTimeout(pollMs);
    }
  }

  /** It leaves namespaces mounted, and one that was killed its data folder, which would keep its folders from being removed. */
  async #unmount(): Promise<void> {
    const { dataFolder, runFolder } = this.#options;
    const mounts = (await readFile('/proc/self/mounts', 'utf8'))
      .split('\n')
      .map((line) => line.split(' ')[1] ?? '');
    const own = mounts.filter((path) =>
      [dataFolder, runFolder].some((folder) => path === folder || path.startsWith(`${folder}/`)),
    );
    for (const path of own.toReversed()) await run(['umount', '--lazy', path]);
  }

  #process(): ProcessIdentity | null {
    const [found] = findProcesses(
      (words) => words[0] === 'dockerd' && words[words.indexOf('--pidfile') + 1] === this.#pidFile,
    );
    return found?.process ?? null;
  }

  /** Beside the data: it goes with them. */
  get #choiceFile(): string {
    return `${dirname(this.#options.dataFolder)}/chosen`;
  }

  get #hostFile(): string {
    return `${dirname(this.#options.dataFolder)}/host`;
  }

  get #foldersFile(): string {
    return `${dirname(this.#options.dataFolder)}/folders`;
  }

  get #socket(): string {
    return `${this.#options.runFolder}/docker.sock`;
  }

  get #pidFile(): string {
    return `${this.#options.runFolder}/dockerd.pid`;
  }
}
