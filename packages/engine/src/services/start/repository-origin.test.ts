// Compose files that were taken from a repository, with a real Git; Docker Compose is one that makes paths absolute.
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { ComposeData } from '@playhouse/contract/compose/render/read-rendered';
import { readFinal } from '@playhouse/contract/compose/render/read-final';
import { isRecord } from '@playhouse/contract/manifest/noun';
import { beforeEach, expect, test } from 'vitest';
import { Credentials } from '../../credentials/credentials.ts';
import { quietVoice } from '../../operations/step.ts';
import { openSecretBox } from '../../system/open-secret-box.ts';
import { temporaryDirectory } from '../../system/testing/temporary-directory.ts';
import { contextApart } from '../context-apart.ts';
import { findWork } from '../expiry/find-work.ts';
import { readComposeFile } from '../read-compose-file.ts';
import { updateRepositories } from '../rollout/update-repositories.ts';
import type { ServicesContext, ServicesTools } from '../services-context.ts';
import { ServicesRecords } from '../services-record.ts';
import { sealSecrets } from '../services-secrets.ts';
import { followBranches } from '../sync/follow-branches.ts';
import { commitFiles, type CommittedFiles } from '../testing/commit-files.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import { cloneRepositories } from './clone-repositories.ts';
import { withMountedFiles } from './mounted-files.ts';
import { plannedImage } from './planned-image.ts';
import { renderedOf } from './rendered.ts';

const { signal } = new AbortController();
let said: string[];
const voice = quietVoice((line) => said.push(line), signal);
const { order } = sampleRecord();

let folder: string;
let tools: ServicesTools;

beforeEach(async () => {
  said = [];
  folder = await temporaryDirectory();
  const records = new ServicesRecords(`${folder}/services`);
  await records.load();
  const box = await openSecretBox(`${folder}/key`);
  const config = async (file: string) => ({ exitCode: 0, stdout: await render(file), stderr: '' });
  tools = {
    ...{ records, box, installation: 'i', repositoryFolders: [folder], docker: async () => ({ config }) },
    credentials: await Credentials.open({
      ...{ file: `${folder}/credentials.json`, box, run: `${folder}/run`, now: Date.now },
      tryRegistry: async () => {},
    }),
  } as unknown as ServicesTools;
});

/** Binds, contexts, and files of configs, as Docker Compose prints them. */
async function render(file: string): Promise<string> {
  const absolute = (path: unknown) => resolve(dirname(file), String(path));
  const text = (await readFile(file, 'utf8')).replace(/\$\{\w+:-(.*?)\}/, '$1');
  const written = readFinal(text);
  const services = Object.entries(written['services'] as Record<string, ComposeData>).map(
    ([name, service]) => {
      const { volumes = [], configs = [], build } = service;
      const mounts = (volumes as string[]).map((mount) => {
        const [source = '', target] = mount.split(':');
        return { type: 'bind', source: absolute(source), target };
      });
      const sources = (configs as string[]).map((source) => ({ source }));
      const built =
        build === undefined ? {} : { build: { context: absolute(build), dockerfile: 'Dockerfile' } };
      return [name, { ...service, volumes: mounts, configs: sources, ...built }];
    },
  );
  const parts = Object.entries((written['configs'] ?? {}) as Record<string, ComposeData>).map(
    ([name, part]) => [name, isRecord(part) ? { ...part, file: absolute(part['file']) } : part],
  );
  return JSON.stringify({
    ...{ ...written, services: Object.fromEntries(services) },
    configs: Object.fromEntries(parts),
  });
}

const commit = async (name: string, ...content: CommittedFiles) =>
  await commitFiles(join(folder, name), ...content);

/** A playground of a Compose file in a repository. */
async function begin(repository: string, path?: string): Promise<ServicesContext> {
  const { box, records } = tools;
  const place = { repository, ...(path === undefined ? {} : { path }) };
  const { text, origin } = await readComposeFile(tools, { owner: 'ann', place }, folder);
  const secrets = sealSecrets({ box }, order.id, {
    ...{ password: 'p', given: {}, templates: {}, variables: {} },
    environment: { global: {}, services: {} },
  });
  const compose = { text, file: origin.path, origin };
  await records.save(sampleRecord({ secrets, established: false, order: { ...order, compose } }));
  return again();
}

/** Another operation on it. */
function again(): ServicesContext {
  return contextApart(tools, tools.records, order.id);
}

/** What the places hold that a service has mounted, by their path in it. */
async function mounted(context: ServicesContext, service = 'web'): Promise<Record<string, string>> {
  const { services } = (await withMountedFiles(context, voice)) as {
    readonly services: Readonly<Record<string, { readonly volumes: { source: string; target: string }[] }>>;
  };
  const found = services[service]?.volumes.map(async ({ source, target }) => {
    const isFolder = (await stat(source)).isDirectory();
    const content = isFolder ? `${(await readdir(source)).join(' ')}/` : await readFile(source, 'utf8');
    return [target, content] as const;
  });
  return Object.fromEntries(await Promise.all(found ?? []));
}

const image = (fields: string, more = '') => `services: { web: { image: x, ${fields} }${more} }\n`;

test('a service of an image alone has the files of the repository that the Compose file is from', async () => {
  const text = `${image('env_file: app.env, configs: [c], volumes: [./x.conf:/x, ../pages:/pages, ./data:/data]')}configs: { c: { file: ../c.txt } }\n`;
  const files = { 'deploy/compose.yaml': text, 'deploy/x.conf': 'one', 'deploy/app.env': 'A=1' };
  const url = await commit('app', { ...files, 'pages/index.html': 'hi', 'c.txt': 'sea' });
  const context = await begin(url, 'deploy/compose.yaml');
  await cloneRepositories.run(context, voice);
  expect(await mounted(context)).toEqual({ '/x': 'one', '/pages': 'index.html/', '/data': '/', '/c': 'sea' });
  expect(said).toContainEqual(expect.stringMatching(/^deploy\/data is in no repository: .+ empty$/));
  const beside = tools.records.files(order.id).beside;
  expect(await readFile(`${beside}/of-web/deploy/app.env`, 'utf8')).toBe('A=1');
  // Nobody works in it, and no container has it.
  expect(await findWork(context)).toEqual(new Map());
});

test('another version of a file comes with a rollout, and until then it is told that it waits', async () => {
  const url = await commit('app', {
    'compose.yml': image('volumes: [./x.conf:/x]', ', db: { image: y }'),
    'x.conf': 'one',
  });
  const context = await begin(url);
  await cloneRepositories.run(context, voice);
  const followed = async () => {
    const found = await followBranches(again(), signal);
    return [found.get('web')?.standing, found.get('db')?.standing];
  };
  expect([await mounted(context), await followed()]).toEqual([{ '/x': 'one' }, ['current', undefined]]);
  await commit('app', { 'x.conf': 'two' });
  expect([await mounted(again()), await followed()]).toEqual([{ '/x': 'one' }, ['behind', undefined]]);
  const rollout = again();
  await updateRepositories.run(rollout, voice);
  expect([await mounted(rollout), await followed()]).toEqual([{ '/x': 'two' }, ['current', undefined]]);
});

test('what is built of it has one checkout, which supplies files, too; its context begins beside the file', async () => {
  const text = 'services: { web: { build: ../app }, proxy: { image: x, volumes: [./x.conf:/x] } }\n';
  const files = { 'deploy/compose.yaml': text, 'deploy/x.conf': 'one', 'app/Dockerfile': 'FROM x' };
  const context = await begin(await commit('app', files), 'deploy/compose.yaml');
  await cloneRepositories.run(context, voice);
  expect(Object.keys(tools.records.find(order.id)?.parts ?? {})).toEqual(['web']);
  expect(await mounted(context, 'proxy')).toEqual({ '/x': 'one' });
  const { plan } = await renderedOf(context, voice);
  const web = plan.services.find(({ name }) => name === 'web');
  if (web === undefined || web.build === null) throw new Error('it is not built');
  const copy = { treeOfWork: async () => '', read: async () => null };
  const { recipe } = await plannedImage(context, { ...web, build: web.build }, {}, copy);
  expect(recipe).toMatchObject({ context: 'app', dockerfile: 'Dockerfile' });
});

test('a checkout does not become another repository’s without a word', async () => {
  const text = 'services: { web: { build: . } }\n';
  const files = { 'compose.yaml': text, Dockerfile: 'FROM x' };
  await cloneRepositories.run(await begin(await commit('app', files)), voice);
  const next = await begin(await commit('other', files));
  await expect(updateRepositories.run(next, voice)).rejects.toMatchObject({
    code: 'repository-changed',
    message: expect.stringContaining(`${folder}/other`),
  });
});

test('a service that names a repository itself has the files of that, which begin at its top', async () => {
  const other = await commit('other', { 'x.conf': 'theirs', 'own.env': 'B=2' });
  const fields = (more: string) =>
    image(
      `${more}, labels: { playgrounds.repo_url: '${other}', playgrounds.source_mount: /src }`,
      ', db: { image: y, volumes: [./x.conf:/x] }',
    );
  const files = { 'deploy/x.conf': 'ours', 'x.conf': 'above' };
  const sound = fields('env_file: own.env, volumes: [./x.conf:/x]');
  const context = await begin(
    await commit('app', { ...files, 'deploy/compose.yaml': sound }),
    'deploy/compose.yaml',
  );
  await cloneRepositories.run(context, voice);
  expect(await mounted(context)).toEqual({ '/x': 'theirs' });
  expect(await mounted(again(), 'db')).toEqual({ '/x': 'ours' });
  for (const above of ['volumes: [../x.conf:/x]', 'env_file: ../x.conf']) {
    await commit('app', { 'deploy/compose.yaml': fields(above) });
    await tools.records.remove(order.id);
    const next = await begin(`file://${folder}/app`, 'deploy/compose.yaml');
    await cloneRepositories.run(next, voice);
    await expect(withMountedFiles(next, voice)).rejects.toMatchObject({ code: 'compose-refused' });
  }
}, 60_000);

test.each([
  ['a link to a file of the host', image('volumes: [./out:/x]')],
  ['a link to a folder of the playground', image('volumes: [./up:/x]')],
  ['a folder behind a link', image('volumes: [./up/histories:/x]')],
  ['an environment file', image('env_file: out')],
  ['a config', `${image('configs: [c]')}configs: { c: { file: ./out } }\n`],
])('%s that leads out of the repository is refused', async (_case, text) => {
  const url = await commit('app', { 'compose.yaml': text }, { out: '/etc/passwd', up: '../../..' });
  const context = await begin(url);
  await cloneRepositories.run(context, voice);
  await expect(withMountedFiles(context, voice)).rejects.toMatchObject({
    code: 'compose-refused',
    message: expect.stringContaining('is a link that leads out of it'),
  });
});

test('what Docker Compose fills in may be a file of the repository, too', async () => {
  const text = image("volumes: ['${CONF:-./x.conf}:/x']");
  const context = await begin(await commit('app', { 'compose.yaml': text, 'x.conf': 'one' }));
  await cloneRepositories.run(context, voice);
  expect(await mounted(context)).toEqual({ '/x': 'one' });
});

test('links within the repository are followed', async () => {
  const links = { 'link.conf': 'x.conf', 'link-pages': 'pages' };
  const text = image('volumes: [./link.conf:/x, ./link-pages:/pages]');
  const url = await commit('app', { 'compose.yaml': text, 'x.conf': 'one', 'pages/a': '' }, links);
  const context = await begin(url);
  await cloneRepositories.run(context, voice);
  expect(await mounted(context)).toEqual({ '/x': 'one', '/pages': 'a/' });
});

// As they are written, and as they only come to be when Docker Compose has filled them in.
const above = ['../..', '../../services.json', '../../histories', '../../checkouts', '../../../..'];
const own = ['..', '.', '../interpolation.env', './compose.yaml', '../deploy'];

/** What becomes of a playground that mounts that. */
async function mounting(path: string): Promise<ComposeData> {
  const files = { 'deploy/compose.yaml': image(`volumes: ['${path}:/x']`) };
  const context = await begin(await commit('app', files), 'deploy/compose.yaml');
  await cloneRepositories.run(context, voice);
  return await withMountedFiles(context, voice);
}

test.each([...above, ...above.map((path) => `\${UP:-${path}}`)])(
  'a mount of %s, which lies above the repository, is refused',
  async (path) => {
    await expect(mounting(path)).rejects.toMatchObject({ code: 'compose-refused' });
  },
);

test.each(own)('of a mount of %s a container has a place that was made for it', async (path) => {
  const { web } = (await mounting(path))['services'] as Record<string, { volumes: { source: string }[] }>;
  const { folder: playground } = tools.records.files(order.id);
  const sources = web?.volumes.map(({ source }) => source.replace(playground, ''));
  expect(sources).toEqual([expect.stringMatching(/^\/(shared|contents)\/[^/]+$/)]);
});

test('an environment file that may be missing is, when it is a link that leads out', async () => {
  const text = image('env_file: [{ path: out, required: false }]');
  const context = await begin(await commit('app', { 'compose.yaml': text }, { out: '/etc/passwd' }));
  await cloneRepositories.run(context, voice);
  await withMountedFiles(context, voice);
  expect(await readdir(tools.records.files(order.id).beside)).toEqual(['compose.yaml', 'interpolation.env']);
});
