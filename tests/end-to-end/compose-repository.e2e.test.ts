// Playspecs that are taken from a repository: with a real Git over HTTPS that asks for a token, a real Docker, and the real command.
import { rm, symlink } from 'node:fs/promises';
import type { Playground } from '@playhouse/contract/playground';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PrivateHosts } from './support/private-hosts.ts';
import { ServicesGround } from './support/services-ground.ts';
import { until } from './support/until.ts';

const authorityFile = `/tmp/pht-authority-${process.pid}.pem`;
const token = 'glpat-5ecretTokenOfAnn';

let ground: ServicesGround;
let hosts: PrivateHosts;
let client: Awaited<ReturnType<ServicesGround['installation']['client']>>;

const served = (root: string) =>
  `command: httpd -f -p 80 -h ${root}\n    labels: { playgrounds.port: 80, playgrounds.visibility: external`;
/** One service is built of the repository, the other has its files. */
const stack = (more = '') => `services:
  web:
    build: ..
    ${served('/www')}, playgrounds.production: "true" }
  proxy:
    image: box:1
    env_file: proxy.env
    configs: [{ source: banner, target: /srv/banner.html }]
    volumes: [./page.html:/srv/index.html, ../pages:/srv/pages]
    ${served('/srv')} }
${more}configs: { banner: { file: ../banner.txt } }
`;
/** Nothing is built, so that no service has a checkout. */
const plain = (mount: string) => `services:
  web:
    image: box:1
    volumes: ["${mount}"]
    ${served('/srv')} }
`;

beforeAll(async () => {
  ground = await ServicesGround.prepare(['followEverySeconds: 1', `gitAuthorityFile: ${authorityFile}`]);
  client = await ground.installation.client();
  await ground.repository('shop', {
    Dockerfile: 'FROM box:1\nCOPY index.html /www/\n',
    'index.html': 'built one\n',
    'banner.txt': 'a banner\n',
    'pages/a.html': 'a page\n',
    'deploy/compose.yaml': stack(),
    'deploy/page.html': 'mounted one\n',
    'deploy/proxy.env': 'MODE=from the repository\n',
  });
  await ground.repository('plain', {
    'docker-compose.yml': plain('./page.html:/srv/index.html'),
    'page.html': 'one\n',
  });
  hosts = await PrivateHosts.start(ground.installation, ground.repositories, `ann:${token}`);
  await hosts.writeAuthority(authorityFile, 'authority');
}, 200_000);
afterAll(async () => {
  await hosts[Symbol.asyncDispose]();
  await rm(authorityFile, { force: true });
  await ground[Symbol.asyncDispose]();
}, 120_000);

const cli = async (...words: string[]) => await ground.installation.cli(...words);
const create = async (name: string, ...words: string[]) =>
  await cli('playspec', 'create', name, '--repository', ...words);

async function bodyOf(url: string): Promise<string> {
  return (await ground.visit(url)).body;
}

/** What containers of a playground mount of the host, but for volumes, below the folder of the playground. */
async function mounts({ id }: Playground): Promise<string[]> {
  const ids = await ground.docker('ps', '--all', '--quiet', '--filter', `label=playhouse.playground=${id}`);
  const inspected = await ground.docker('inspect', ...ids.split('\n').filter(Boolean));
  const containers = JSON.parse(inspected) as { Mounts: { Type: string; Source: string }[] }[];
  const sources = containers.flatMap(({ Mounts }) => Mounts.filter(({ Type }) => Type === 'bind'));
  const { state } = ground.installation;
  return sources.map(({ Source }) => Source.replace(`${state}/services/${id}`, '')).toSorted();
}

async function rollout({ id }: Playground, ...words: string[]): Promise<void> {
  const { code, stderr } = await cli('playground', 'rollout', id, ...words);
  if (code !== 0) throw new Error(stderr);
}

async function statusOf({ id }: Playground): Promise<string> {
  return (await client('playground.get', { parameters: { playground: id } })).playground.status;
}

test('a Git server is believed by its certificate alone, which the host or the authority of the configuration vouches for', async () => {
  const refusal = async (url: string) => {
    const { code, stderr } = await create('untrusted', url);
    expect(code).toBe(1);
    return stderr;
  };
  const url = `${hosts.overHttps}/shop`;
  await rm(authorityFile);
  expect(await refusal(url)).toContain(authorityFile);
  await hosts.writeAuthority(authorityFile, 'stranger');
  const untrusted = await refusal(url);
  expect(untrusted).toContain(`The Git server of ${url} brings a certificate that is not trusted`);
  expect(untrusted).toContain('`engine.gitAuthorityFile`');
  await hosts.writeAuthority(authorityFile, 'authority');
  expect(await refusal(url)).toContain('you have no credential that fits');
  expect(await refusal(url.replace('localhost', '127.0.0.1'))).toContain('that is not trusted');
}, 60_000);

test('a private repository is opened by the token of who asks, and its stack runs with all that lies beside its file', async () => {
  const url = `${hosts.overHttps}/shop`;
  const path = ['--path', 'deploy/compose.yaml'];
  const refused = await create('shop', url, ...path);
  expect([refused.code, refused.stderr]).toEqual([
    1,
    expect.stringContaining('you have no credential that fits'),
  ]);
  expect(refused.stderr).toContain('playhouse credential add');
  const credential = {
    name: 'git',
    kind: 'token',
    place: hosts.overHttps,
    secret: token,
    username: 'ann',
  } as const;
  await client('credential.add', { body: credential });
  const { code, stdout, stderr } = await create('shop', url, ...path);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain(`from deploy/compose.yaml of ${url} at `);
  expect((await cli('playspec', 'show', 'shop')).stdout).toMatch(/^File: +deploy\/compose\.yaml$/m);

  const playground = await ground.start('shop');
  expect(await bodyOf('https://web-shop.localhost/')).toBe('built one\n');
  expect(await bodyOf('https://proxy-shop.localhost/')).toBe('mounted one\n');
  expect(await bodyOf('https://proxy-shop.localhost/pages/a.html')).toBe('a page\n');
  expect(await bodyOf('https://proxy-shop.localhost/banner.html')).toBe('a banner\n');
  const variables = await ground.docker(
    'ps',
    '--quiet',
    '--filter',
    'label=com.docker.compose.service=proxy',
  );
  expect(await ground.docker('inspect', variables.trim())).toContain('MODE=from the repository');
  for (const source of await mounts(playground)) expect(source).toMatch(/^\/(shared|contents)\/[^/]+$/);

  // The files come with the code.
  await ground.commit('shop', { 'index.html': 'built two\n', 'deploy/page.html': 'mounted two\n' });
  await until('new commits to wait', async () => (await statusOf(playground)) === 'has_changes');
  expect(await bodyOf('https://proxy-shop.localhost/')).toBe('mounted one\n');
  await rollout(playground);
  expect(await bodyOf('https://web-shop.localhost/')).toBe('built two\n');
  expect(await bodyOf('https://proxy-shop.localhost/')).toBe('mounted two\n');

  // Another Compose file comes with another version of the playspec.
  expect((await cli('playspec', 'update', 'shop', '--from-repository')).stdout).toContain('version 2,');
  expect((await cli('playspec', 'update', 'shop', '--from-repository')).stdout).toContain('version 2,');
  const third = `  third:\n    image: box:1\n    ${served('/www')} }\n    volumes: [../banner.txt:/www/index.html]\n`;
  await ground.commit('shop', { 'deploy/compose.yaml': stack(third) });
  expect((await cli('playspec', 'update', 'shop', '--from-repository')).stdout).toContain('version 3,');
  await rollout(playground, '--upgrade');
  expect(await bodyOf('https://third-shop.localhost/')).toBe('a banner\n');
  await ground.installation.destroy(playground.id);
  expect(await ground.filesWith(token)).toEqual([]);
}, 300_000);

test('services of images alone have their files of a checkout that is nobody’s, in forks, too', async () => {
  const { code, stdout } = await create('plain', ground.repositoryAddress('plain'));
  expect([code, stdout]).toEqual([0, expect.stringContaining('from docker-compose.yml of ')]);
  const playground = await ground.start('plain');
  expect(await bodyOf('https://web-plain.localhost/')).toBe('one\n');
  await ground.commit('plain', { 'page.html': 'two\n' });
  await until('new commits to wait', async () => (await statusOf(playground)) === 'has_changes');
  const fork = await client('playground.fork', {
    parameters: { playground: playground.id },
    body: { authorizedKeys: [] },
  });
  const [made] = fork.playgrounds;
  const ended = await ground.installation.ended(made?.operationId ?? '');
  expect(ended.error).toBeNull();
  expect(await bodyOf('https://web-plain-2.localhost/')).toBe('one\n');
  await rollout(playground);
  expect(await bodyOf('https://web-plain.localhost/')).toBe('two\n');
  expect(await statusOf(playground)).toBe('running');
  for (const source of await mounts(playground)) expect(source).toMatch(/^\/contents\/[^/]+$/);
  for (const id of [playground.id, made?.id ?? '']) await ground.installation.destroy(id);
}, 200_000);

test('what leads out of the repository is refused, whether it is a path or a link', async () => {
  await symlink('/etc/passwd', `${ground.repositories}/plain/link`);
  await symlink('../../..', `${ground.repositories}/plain/up`);
  const url = ground.repositoryAddress('plain');
  await ground.commit('plain', { 'docker-compose.yml': plain('../services.json:/srv/index.html') });
  const path = await create('path', url);
  expect([path.code, path.stderr]).toEqual([1, expect.stringMatching(/docker-compose\.yml:4:\d+/)]);
  for (const [name, mount] of [
    ['link', './link:/srv/index.html'],
    ['up', './up:/srv/up'],
    ['filled-in', '${UP:-..}/services.json:/srv/index.html'],
  ] as const) {
    await ground.commit('plain', { 'docker-compose.yml': plain(mount) });
    expect((await create(name, url)).code).toBe(0);
    await expect(ground.start(name)).rejects.toThrow('cannot be run');
  }
  for (const { id } of (await client('playground.list', { query: {} })).playgrounds)
    await ground.installation.destroy(id);
  expect(await ground.leftovers()).toEqual([]);
}, 200_000);

test('what is not there is told', async () => {
  const url = `${hosts.overHttps}/shop`;
  const told = async (...words: string[]) => {
    const { code, stderr } = await create('never', ...words);
    return [code, stderr] as const;
  };
  expect(await told(url)).toEqual([
    1,
    expect.stringMatching(/none of `playgrounds\.yml`.+`docker-compose\.yml`/),
  ]);
  expect(await told(url, '--path', 'x/compose.yaml')).toEqual([
    1,
    expect.stringContaining('no `x/compose.yaml`'),
  ]);
  expect(await told(url, '--branch', 'gone')).toEqual([1, expect.stringContaining('no branch `gone`')]);
  expect(await told(`${hosts.overHttps}/none`)).toEqual([
    1,
    expect.stringContaining('There is no Git repository'),
  ]);
  expect(await told('file:///etc')).toEqual([1, expect.stringContaining('may not read')]);
}, 100_000);
