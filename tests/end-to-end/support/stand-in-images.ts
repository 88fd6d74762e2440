// Images of public registries that examples name, stood in for by what Debian has of the same programs: no test asks a registry that
// is not its own. All share one root directory, which is bootstrapped once and kept; entry points do what those of the originals do.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { standInImages } from './locations.ts';
import { runOk } from './process.ts';

const folder = new URL('stand-ins/', import.meta.url).pathname;
const packages = [
  ...['postgresql', 'redis-server', 'nginx-light', 'mariadb-server', 'rabbitmq-server'],
  ...['wordpress', 'apache2', 'libapache2-mod-php', 'php-mysql', 'python3', 'busybox-static'],
];
const postgresPath =
  'PATH=/usr/lib/postgresql/15/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

interface StandIn {
  readonly image: string;
  /** Of `stand-ins/`, without `.sh`. */
  readonly entry?: string;
  readonly command: readonly string[];
  /** Further lines of a Dockerfile. */
  readonly lines?: readonly string[];
}

const standIns: readonly StandIn[] = [
  { image: 'alpine:3.20', command: ['sh'] },
  { image: 'python:3.12-slim', command: ['python3'] },
  { image: 'nginx:1.27', command: ['nginx', '-g', 'daemon off;'] },
  { image: 'redis:7', entry: 'redis', command: ['redis-server'], lines: ['WORKDIR /data', 'VOLUME /data'] },
  {
    ...{ image: 'postgres:16', entry: 'postgres', command: ['postgres'] },
    lines: [`ENV ${postgresPath} PGDATA=/var/lib/postgresql/data`, 'VOLUME /var/lib/postgresql/data'],
  },
  { image: 'mariadb:11', entry: 'mariadb', command: ['mariadbd'], lines: ['VOLUME /var/lib/mysql'] },
  {
    ...{ image: 'wordpress:6-apache', entry: 'wordpress', command: ['apache2-foreground'] },
    lines: ['WORKDIR /var/www/html'],
  },
  {
    ...{ image: 'rabbitmq:3-management', entry: 'rabbitmq', command: ['rabbitmq-server'] },
    lines: ['VOLUME /var/lib/rabbitmq'],
  },
];

/** Gives the tar archive that all of them are made from; bootstraps it when it is not there. */
export async function prepareStandIns(): Promise<string> {
  const trim = `${folder}trim.sh`;
  const identity = JSON.stringify([packages, await readFile(trim, 'utf8')]);
  const file = `${standInImages}/${createHash('sha256').update(identity).digest('hex').slice(0, 16)}.tar`;
  if (existsSync(file)) return file;
  await rm(standInImages, { recursive: true, force: true });
  await mkdir(standInImages, { recursive: true });
  const options = ['--variant=minbase', `--include=${packages.join(',')}`, '--skip=output/dev'];
  const lean = ['--aptopt=Apt::Install-Recommends "false"', '--aptopt=Acquire::Languages "none"'];
  const quick = ['--dpkgopt=force-unsafe-io', `--customize-hook=${trim}`];
  await runOk(['mmdebstrap', ...options, ...lean, ...quick, 'bookworm', `${standInImages}/new.tar`], {
    timeoutMs: 900_000,
  });
  await rename(`${standInImages}/new.tar`, file);
  return file;
}

/** Has all of them in a Docker Engine, which `docker` speaks to. */
export async function bringStandIns(docker: (...words: string[]) => Promise<string>): Promise<void> {
  await docker('import', await prepareStandIns(), 'stand-in:base');
  const container = (await docker('create', 'stand-in:base', 'true')).trim();
  const entries = standIns.flatMap(({ entry }) => entry ?? []);
  for (const entry of entries)
    await docker('cp', `${folder}${entry}.sh`, `${container}:/usr/local/bin/entry-${entry}`);
  await docker('commit', container, 'stand-in:entries');
  await docker('rm', container);
  for (const { image, entry, command, lines = [] } of standIns) {
    const made = (await docker('create', 'stand-in:entries', 'true')).trim();
    const entryPoint = entry === undefined ? [] : [`ENTRYPOINT ["/usr/local/bin/entry-${entry}"]`];
    const changes = [...entryPoint, `CMD ${JSON.stringify(command)}`, ...lines];
    await docker('commit', ...changes.flatMap((line) => ['--change', line]), made, image);
    await docker('rm', made);
  }
}
