// An installation whose playgrounds are made of Compose services: a Docker Engine of its own, with a base image made from what the
// host has, for there is no registry; and a Git repository to build from.
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Playground } from '@playhouse/contract/playground';
import type { InstallationOptions } from './installation-options.ts';
import { Installation } from './installation.ts';
import { dockerClientCache } from './locations.ts';
import { run, runOk } from './process.ts';

const author = ['-c', 'user.name=A', '-c', 'user.email=a@example.org', '-c', 'init.defaultBranch=main'];
const busyboxNames = [
  'sh',
  'httpd',
  'wget',
  'sleep',
  'cat',
  'echo',
  'touch',
  'true',
  'false',
  'mkdir',
  'nc',
  'kill',
  'ln',
  'ls',
  'chmod',
  'rm',
];

export class ServicesGround implements AsyncDisposable {
  readonly installation: Installation;

  private constructor(installation: Installation) {
    this.installation = installation;
  }

  /** `engine`: further lines of the engine’s configuration. */
  static async prepare(
    engine: readonly string[] = [],
    options: Pick<
      InstallationOptions,
      'proxy' | 'domain' | 'traefikImage' | 'hostPolicy' | 'ownDiskMiB'
    > = {},
  ): Promise<ServicesGround> {
    const repositories = `/tmp/pht-repositories-${process.pid}-${Date.now()}`;
    const installation = await Installation.create({
      ...options,
      images: false,
      engine: ['docker: own', `repositoryFolders: ${repositories}`, ...engine],
    });
    const ground = new ServicesGround(installation);
    await mkdir(repositories);
    ground.#repositories = repositories;
    await mkdir(`${installation.state}/docker`, { mode: 0o755 });
    await runOk(['cp', '--archive', dockerClientCache, `${installation.state}/docker/client`]);
    await installation.startServer();
    await installation.startEngine();
    const start = new URL('start-docker.ts', import.meta.url).pathname;
    const places = [`${installation.state}/docker/data`, `${installation.state}/run/docker`];
    await runOk([...installation.inNetns, process.execPath, start, ...places]);
    await ground.#importBox();
    return ground;
  }

  #repositories = '';

  /** Runs `docker` on the installation’s own Docker Engine. */
  readonly docker = async (...words: string[]): Promise<string> => {
    const { state, inNetns } = this.installation;
    const client = `${state}/docker/client`;
    const environment = ['env', `DOCKER_CONFIG=${client}`];
    return await runOk(
      [
        ...inNetns,
        ...environment,
        `${client}/docker`,
        '--host',
        `unix://${state}/run/docker/docker.sock`,
        ...words,
      ],
      { timeoutMs: 300_000 },
    );
  };

  /** Has `box:1` there: a shell with a few tools and a web server. */
  async #importBox(): Promise<void> {
    const root = `${this.installation.state}/home/box`;
    await mkdir(`${root}/bin`, { recursive: true });
    await mkdir(`${root}/www`);
    await mkdir(`${root}/tmp`);
    await runOk(['cp', '/bin/busybox', `${root}/bin/busybox`]);
    for (const name of busyboxNames) await symlink('busybox', `${root}/bin/${name}`);
    await runOk(['tar', '--directory', root, '--create', '--file', `${root}.tar`, '.']);
    await this.docker('import', '--change', 'CMD ["sh"]', `${root}.tar`, 'box:1');
  }

  /** Makes a Git repository with these files; gives its address. */
  async repository(name: string, files: Readonly<Record<string, string>>): Promise<string> {
    const folder = `${this.#repositories}/${name}`;
    await mkdir(folder);
    await runOk(['git', ...author, '-C', folder, 'init', '--quiet']);
    await this.commit(name, files);
    return this.repositoryAddress(name);
  }

  /** Folder of all repositories. */
  get repositories(): string {
    return this.#repositories;
  }

  repositoryAddress(name: string): string {
    return `file://${this.#repositories}/${name}`;
  }

  async commit(name: string, files: Readonly<Record<string, string>>): Promise<void> {
    const folder = `${this.#repositories}/${name}`;
    for (const [file, content] of Object.entries(files)) {
      await mkdir(dirname(`${folder}/${file}`), { recursive: true });
      // What says which program runs it is one itself.
      await writeFile(`${folder}/${file}`, content, { mode: content.startsWith('#!') ? 0o755 : 0o644 });
    }
    await runOk(['git', ...author, '-C', folder, 'add', '--all']);
    await runOk(['git', ...author, '-C', folder, 'commit', '--quiet', '--message', 'change']);
  }

  /** Makes a playspec of a Compose file. */
  async define(name: string, text: string): Promise<void> {
    const file = `${this.installation.state}/home/${name}.yaml`;
    await writeFile(file, text);
    const { code, stderr } = await this.installation.cli('playspec', 'create', '-f', file, name);
    if (code !== 0) throw new Error(stderr);
  }

  /** Starts a playground of it, and waits until it runs. */
  async start(playspec: string, more: object = {}): Promise<Playground> {
    const client = await this.installation.client();
    const begun = await client('playground.start', { body: { playspec, authorizedKeys: [], ...more } });
    const { status, error } = await this.installation.ended(begun.operation.id);
    if (status !== 'succeeded') throw new Error(`${playspec}: ${error?.message}`);
    return await this.installation.playground(begun.playground.id);
  }

  /** What is at an address of a playground, as a browser in the installation’s namespace sees it. */
  async visit(url: string, login?: string): Promise<{ readonly status: number; readonly body: string }> {
    const { inNetns } = this.installation;
    const { hostname } = new URL(url);
    const words = [
      'curl',
      '--silent',
      '--insecure',
      '--max-time',
      '20',
      '--resolve',
      `${hostname}:443:127.0.0.1`,
    ];
    const user = login === undefined ? [] : ['--user', login];
    const { stdout } = await run([...inNetns, ...words, ...user, '--write-out', '\n%{http_code}', url]);
    const end = stdout.lastIndexOf('\n');
    return { status: Number(stdout.slice(end + 1)), body: stdout.slice(0, end) };
  }

  /** What `curl` prints, in the installation’s namespace, of a host that is served there. */
  async curl(host: string, ...words: string[]): Promise<string> {
    const { inNetns } = this.installation;
    const usual = ['--silent', '--insecure', '--max-time', '20', '--resolve', `${host}:443:127.0.0.1`];
    return (await run([...inNetns, 'curl', ...usual, ...words])).stdout;
  }

  /** Files of the engine and the ingress that have a text in them; Docker’s own, which hold what containers were given, are left out. */
  async filesWith(text: string): Promise<string[]> {
    const { state } = this.installation;
    const places = ['engine', 'services', 'ingress', 'run', 'logs'].map((name) => `${state}/${name}`);
    const words = [
      '--recursive',
      '--files-with-matches',
      '--fixed-strings',
      '--devices=skip',
      '--no-messages',
    ];
    return (await run(['grep', ...words, '--', text, ...places])).stdout.split('\n').filter(Boolean);
  }

  /** Takes away all of a playground that is in Docker, as another Docker Engine would have it. */
  async wipe({ id }: Pick<Playground, 'id'>): Promise<void> {
    const own = ['--quiet', '--filter', `label=playhouse.playground=${id}`];
    const remove = async (list: readonly string[], ...words: string[]) => {
      const found = (await this.docker(...list, ...own)).split('\n').filter(Boolean);
      if (found.length > 0) await this.docker(...words, ...found);
    };
    await remove(['ps', '--all'], 'rm', '--force', '--volumes');
    await remove(['network', 'ls'], 'network', 'rm');
    await remove(['volume', 'ls'], 'volume', 'rm');
  }

  /** Begins something with an engine that dies at a place on its way, and has the next one take it up; `meanwhile` there is none. */
  async dyingAt<T>(
    point: string,
    begin: () => Promise<T>,
    meanwhile: (begun: T) => Promise<unknown> = async () => await Promise.resolve(),
  ): Promise<T> {
    const { installation } = this;
    await installation.engine?.kill();
    await installation.startEngine({ PLAYHOUSE_CRASH_POINT: point });
    const begun = await begin();
    await installation.engine?.exited;
    await meanwhile(begun);
    await installation.startEngine();
    return begun;
  }

  /** Removes the files of all layers, as an engine does that is short of room; what is known of them stays. */
  async removeLayers(): Promise<void> {
    const { state } = this.installation;
    await runOk(['find', `${state}/layers`, '-name', '*.tar', '-delete']);
  }

  /** Everything of playgrounds that is in Docker or on disk. */
  async leftovers(): Promise<string[]> {
    const { state } = this.installation;
    const label = ['--filter', 'label=playhouse.playground'];
    const lists = await Promise.all([
      this.docker('ps', '--all', '--quiet', ...label),
      this.docker('network', 'ls', '--quiet', ...label),
      this.docker('volume', 'ls', '--quiet', ...label),
      this.docker('images', '--quiet', '--filter', 'reference=playhouse.internal/*'),
      runOk(['ls', `${state}/services`]),
      this.installation.storedObjects().then((names) => names.join('\n')),
    ]);
    return lists.join('\n').split('\n').filter(Boolean);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { state } = this.installation;
    await this.installation.engine?.kill();
    const containers = await this.docker('ps', '--all', '--quiet').catch(() => '');
    for (const id of containers.split('\n').filter(Boolean))
      await this.docker('rm', '--force', id).catch(() => {});
    await this.installation[Symbol.asyncDispose]().catch(async (error: unknown) => {
      await unmountBelow(state);
      await rm(state, { recursive: true, force: true });
      throw error;
    });
    await rm(this.#repositories, { recursive: true, force: true });
  }
}

async function unmountBelow(folder: string): Promise<void> {
  const mounts = (await readFile('/proc/self/mounts', 'utf8'))
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '');
  for (const path of mounts.filter((each) => each.startsWith(`${folder}/`)).toReversed())
    await run(['umount', '--lazy', path]);
}
