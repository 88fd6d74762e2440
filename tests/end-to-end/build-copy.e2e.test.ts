// What images are built of: what their name says, whatever containers that have the checkout do meanwhile (two people, one engine), and
// what the file, its labels and whoever starts it say.
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { Playground } from '@playhouse/contract/playground';
import { repository as source } from './support/locations.ts';
import { type GroundClient, prepareGround } from './support/prepare-ground.ts';
import { run, runOk } from './support/process.ts';
import type { ServicesGround } from './support/services-ground.ts';

let ground: ServicesGround;
let client: GroundClient;

prepareGround((prepared) => void ({ ground, client } = prepared));

const dockerfile = 'FROM box:1\nCOPY . /www/\nCMD ["httpd", "-f", "-p", "80", "-h", "/www"]\n';
const compose = (production: boolean) => `
services:
  web:
    build: { context: ./sub, dockerfile: ../Dockerfile }
    stop_grace_period: 1s
    labels:
      playgrounds.repo_url: ${ground.repositoryAddress('shared')}
      playgrounds.port: 80
      playgrounds.visibility: external
      playgrounds.production: "${production}"
`;

async function rollOut({ id }: Playground): Promise<void> {
  const { operation } = await client('playground.rollout', { parameters: { playground: id }, body: {} });
  expect(await ground.installation.ended(operation.id)).toMatchObject({ status: 'succeeded', error: null });
}

const container = ({ name }: Playground) => `${name}-web-1`;
const inside = async (playground: Playground, script: string) =>
  await ground.docker('exec', container(playground), 'sh', '-c', script);
const imageOf = async (playground: Playground) =>
  (await ground.docker('inspect', '--format', '{{.Config.Image}}', container(playground))).trim();
const page = async (playground: Playground, file = 'index.html') =>
  await inside(playground, `cat /www/${file}`);

/** Has a user of this name start a playground of the repository. */
async function startAs(user: string, production: boolean): Promise<Playground> {
  const { installation } = ground;
  expect(await installation.cli('user', 'create', user)).toMatchObject({ code: 0 });
  const { stdout } = await installation.cli('token', 'create', '--user', user, '--name', 'e2e', '-q');
  const home = `${installation.state}/home/${user}`;
  const own = { PLAYHOUSE_TOKEN_FILE: '', PLAYHOUSE_TOKEN: stdout.trim(), HOME: home, XDG_CONFIG_HOME: home };
  const cli = async (...words: string[]) => {
    const argv = [...installation.inNetns, process.execPath, `${source}/packages/cli/src/main.ts`, ...words];
    const {
      code,
      stdout: said,
      stderr,
    } = await run(argv, {
      env: { ...installation.env, ...own },
      timeoutMs: 240_000,
    });
    expect([code, code === 0 ? '' : said + stderr]).toEqual([0, '']);
    return said;
  };
  await mkdir(home, { recursive: true });
  const file = `${home}/shared.yaml`;
  await writeFile(file, compose(production));
  await cli('playspec', 'create', '-f', file, `shared-${user}`);
  const id = (await cli('playground', 'start', `shared-${user}`, '-q')).trim();
  const playground = await installation.playground(id);
  expect(playground).toMatchObject({ status: 'running' });
  return playground;
}

let mallory: Playground;

test('what one person changed and did not commit is in her image alone; another’s of the same commit has what was committed', async () => {
  await ground.repository('shared', {
    ...{ Dockerfile: dockerfile, 'sub/index.html': 'one\n', '.gitignore': '.env\n' },
  });
  mallory = await startAs('mallory', false);
  const committed = await imageOf(mallory);
  await inside(mallory, 'echo MALLORY > /app/sub/index.html; echo leak > /app/sub/.env');
  await rollOut(mallory);
  expect(await page(mallory)).toBe('MALLORY\n');
  expect(await inside(mallory, 'ls -a /www')).not.toContain('.env');
  const changed = await imageOf(mallory);
  expect(changed).not.toBe(committed);

  // Nobody has the image of the commit any more.
  await ground.docker('image', 'rm', committed).catch(() => '');
  const ann = await startAs('ann', true);
  expect(await page(ann)).toBe('one\n');
  expect(await imageOf(ann)).toBe(committed);

  // The same changes are the same image, to her.
  await rollOut(mallory);
  expect(await imageOf(mallory)).toBe(changed);
}, 300_000);

test('what Git does not tell of is in no image either, and that of a clean commit is there for all', async () => {
  await inside(mallory, 'echo one > /app/sub/index.html');
  await inside(
    mallory,
    'mkdir /app/sub/hidden; echo "*" > /app/sub/hidden/.gitignore; echo x > /app/sub/hidden/x',
  );
  await ground.commit('shared', { 'sub/index.html': 'two\n' });
  await rollOut(mallory);
  expect(await page(mallory)).toBe('two\n');
  expect(await inside(mallory, 'ls -a /www')).not.toMatch(/hidden|[.]env/);
  const bob = await startAs('bob', true);
  expect(await imageOf(bob)).toBe(await imageOf(mallory));
}, 300_000);

test('a folder of the host that takes the place of one of the checkout when the build begins is not in the image', async () => {
  const { state } = ground.installation;
  const host = `${state}/home/host`;
  await mkdir(host);
  await writeFile(`${host}/index.html`, 'of the host\n');
  const sub = `${state}/services/${mallory.id}/checkouts/web/sub`;
  // What lies between the look at the folder and the build: the program that the client starts for it.
  const program = `${state}/docker/client/cli-plugins/docker-buildx`;
  await rename(program, `${program}.real`);
  const swap = `case " $* " in *" bake "*) mv ${sub} ${sub}.was; ln -s ${host} ${sub};; esac\n`;
  await writeFile(program, `#!/bin/sh\n${swap}exec ${program}.real "$@"\n`, { mode: 0o755 });
  try {
    await inside(mallory, 'echo mine > /app/sub/index.html');
    await rollOut(mallory);
  } finally {
    await rename(`${program}.real`, program);
  }
  expect(await inside(mallory, 'ls -d /app/sub.was')).toContain('sub.was');
  expect(await page(mallory)).toBe('mine\n');
}, 300_000);

const labels = (repository: string) => `
      playgrounds.repo_url: ${repository}
      playgrounds.port: 80
      playgrounds.visibility: external`;
const shown = async (slug: string, file = '') =>
  (await ground.visit(`https://web-${slug}.localhost/${file}`)).body;
const cli = async (...words: string[]) => {
  const { code, stdout, stderr } = await ground.installation.cli(...words);
  expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
  return stdout.trim();
};

test('stage and arguments are those of the labels, over those of the file; what a start or a rollout overrides is merged over both', async () => {
  const stage = (name: string) =>
    `FROM box:1 AS ${name}\nARG COLOR\nARG SIZE\nRUN echo ${name} $COLOR $SIZE > /www/index.html\n` +
    'CMD ["httpd", "-f", "-p", "80", "-h", "/www"]\n';
  const repository = await ground.repository('recipe', {
    Dockerfile: stage('first') + stage('last'),
    'other/Recipe': stage('debug').replace('CMD', 'COPY page /www/page\nCMD') + stage('final'),
    'other/page': 'of the other context\n',
  });
  await ground.define(
    'recipe',
    `services:
  web:
    build: { context: ., args: { COLOR: blue, SIZE: small } }
    stop_grace_period: 1s
    labels:${labels(repository)}
      playgrounds.build_target: first
      playgrounds.build_args: COLOR=red
`,
  );
  const file = `${ground.installation.state}/home/overrides.yaml`;
  const overridden = async (text: string, ...words: string[]) => {
    await writeFile(file, text);
    return await cli('playground', ...words, '--build-overrides', file);
  };
  const id = await overridden('web: { args: { SIZE: 1.10 } }\n', 'start', '-q', 'recipe');
  expect(await shown('recipe')).toBe('first red 1.10\n');
  await overridden('web: { target: last }\n', 'rollout', id);
  expect(await shown('recipe')).toBe('last red small\n');
  const other = '{ context: other, dockerfile: Recipe, target: debug, args: { COLOR: green } }';
  await overridden(`web: ${other}\n`, 'rollout', id);
  expect(await shown('recipe')).toBe('debug green small\n');
  expect(await shown('recipe', 'page')).toBe('of the other context\n');
}, 200_000);

test('a new branch is made from its base in the checkouts, runs there, and is nowhere else', async () => {
  const repository = await ground.repository('line', { Dockerfile: dockerfile, 'sub/index.html': 'base\n' });
  const folder = `${ground.repositories}/line`;
  const upstream = async (...words: string[]) => await runOk(['git', '-C', folder, ...words]);
  await upstream('branch', 'base');
  await ground.commit('line', { 'sub/index.html': 'main\n' });
  await ground.define(
    'line',
    `services:
  web: { image: 'box:1', command: httpd -f -p 80 -h /app/sub, labels: &all {${labels(repository).trim().replaceAll(/\n */g, ', ')}} }
  built:
    build: { context: ./sub, dockerfile: ../Dockerfile }
    labels: { <<: *all, playgrounds.production: "true" }
`,
  );
  const branches = ['web', 'built'].flatMap((name) => ['--branch', `${name}=try-it:base`]);
  const id = await cli('playground', 'start', 'line', ...branches, '-q');
  expect(await shown('line')).toBe('base\n');
  expect((await ground.visit('https://built-line.localhost/')).body).toBe('base\n');
  const base = (await upstream('rev-parse', 'base')).trim();
  const { services } = await ground.installation.playground(id);
  for (const { name, branch, commit } of services) {
    expect([name, branch, commit]).toEqual([name, 'try-it', base]);
    const history = `${ground.installation.state}/services/${id}/histories/${name}.git`;
    expect(await runOk(['git', `--git-dir=${history}`, 'symbolic-ref', 'HEAD'])).toBe('refs/heads/try-it\n');
  }
  expect(await upstream('branch', '--list', 'try-it')).toBe('');

  // One that the repository has is not made anew.
  const again = ['start', 'line', '--title', 'Again', '--branch', 'web=base:main'];
  const { code, stderr } = await ground.installation.cli('playground', ...again);
  expect([code, stderr]).toEqual([1, expect.stringMatching(/already has a branch `base`/)]);
}, 200_000);
