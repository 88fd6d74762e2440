// With a real Git; Docker is one that says what it was asked.
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readFinal } from '@playhouse/contract/compose/render/read-final';
import { beforeEach, expect, test } from 'vitest';
import { quietVoice } from '../../operations/step.ts';
import { Credentials } from '../../credentials/credentials.ts';
import { runOrFail } from '../../system/run.ts';
import { openSecretBox } from '../../system/open-secret-box.ts';
import { temporaryDirectory } from '../../system/testing/temporary-directory.ts';
import { ImagesInMaking } from '../clean/images-in-making.ts';
import { contextApart } from '../context-apart.ts';
import type { ServicesContext, ServicesTools } from '../services-context.ts';
import { ServicesRecords } from '../services-record.ts';
import { openSecrets, sealSecrets } from '../services-secrets.ts';
import { buildImages } from '../start/build-images.ts';
import { cloneRepositories } from '../start/clone-repositories.ts';
import { updateRepositories } from '../rollout/update-repositories.ts';
import { BranchWatch } from '../sync/branch-watch.ts';
import { sampleRecord } from '../testing/sample-record.ts';

const { signal } = new AbortController();
const voice = quietVoice(() => {}, signal);
const author = ['-c', 'user.name=A', '-c', 'user.email=a@example.org', '-c', 'init.defaultBranch=main'];
const { id } = sampleRecord().order;

let folder: string;
let repository: string;
let tools: ServicesTools;
/** Names of the images that are there, and of those that were built. */
let images: Set<string>;
let built: string[];
/** What somebody does when a build is about to begin. */
let meanwhile: () => Promise<void>;
/** What a build says that fails. */
let fault: string | null;

async function commit(files: Readonly<Record<string, string>>): Promise<string> {
  for (const [file, content] of Object.entries(files)) await writeFile(join(repository, file), content);
  const git = async (...words: string[]) => await runOrFail(['git', ...author, '-C', repository, ...words]);
  await git('add', '--all');
  await git('commit', '--quiet', '--message', 'change');
  return (await git('rev-parse', 'HEAD')).stdout.trim();
}

/** What Docker Compose makes of a file, as far as it matters here. */
async function render(file: string): Promise<string> {
  const rendered = readFinal(await readFile(file, 'utf8'));
  const { web } = rendered['services'] as { readonly web: object };
  const build = { context: dirname(file), dockerfile: 'Dockerfile' };
  return JSON.stringify({ ...rendered, services: { web: { ...web, build } } });
}

async function answer(words: readonly string[], input = '') {
  const done = { exitCode: 0, stdout: '', stderr: '' };
  if (words[0] === 'image') return { ...done, exitCode: images.has(words.at(-1) ?? '') ? 0 : 1 };
  const { target } = JSON.parse(input) as { target: { image: { tags: string[]; context: string } } };
  const [image = ''] = target.image.tags;
  await meanwhile();
  built.push(`${image} ${await readFile(join(target.image.context, 'page'), 'utf8')}`);
  if (fault !== null) return { ...done, exitCode: 1, stderr: fault };
  images.add(image);
  return done;
}

beforeEach(async () => {
  folder = await temporaryDirectory();
  repository = join(folder, 'origin');
  await mkdir(repository);
  await runOrFail(['git', ...author, '-C', repository, 'init', '--quiet']);
  await commit({ Dockerfile: 'FROM x\n', page: 'one', '.env.example': 'SALT=a\n' });
  [images, built, fault, meanwhile] = [new Set(), [], null, async () => {}];
  const records = new ServicesRecords(`${folder}/services`);
  await records.load();
  const box = await openSecretBox(`${folder}/key`);
  const api = {
    ask: async (path: string) => (images.has(path.split('/').slice(2, -1).join('/')) ? { Size: 1 } : null),
  };
  const docker = {
    ...{ api, plugins: '' },
    withConfiguration: () => docker,
    config: async (file: string) => ({ exitCode: 0, stdout: await render(file), stderr: '' }),
    try: async (words: readonly string[], { input }: { readonly input?: string } = {}) =>
      await answer(words, input),
  };
  const parts: Partial<ServicesTools> = {
    ...{ records, box, installation: 'i', making: new ImagesInMaking(), repositoryFolders: [folder] },
    credentials: await Credentials.open({
      ...{ file: `${folder}/credentials.json`, box, run: `${folder}/run`, now: Date.now },
      tryRegistry: async () => {},
    }),
    logins: async () => new Map(),
  };
  tools = {
    ...parts,
    docker: async () => docker,
    dockerIfThere: async () => docker,
  } as unknown as ServicesTools;
  const text = `services:
  web:
    build: { context: ., args: [SALT] }
    labels: { playgrounds.repo_url: 'file://${repository}', playgrounds.production: 'true' }
`;
  const { order } = sampleRecord();
  const secrets = sealSecrets({ box }, id, {
    ...{ password: 'p', given: {}, templates: {}, variables: {} },
    environment: { global: {}, services: { web: { PASSWORD: 'hush-hush' } } },
  });
  const policy = { 'local-repository': 'allow' } as const;
  const record = sampleRecord({
    secrets,
    established: false,
    order: { ...order, policy, compose: { text, file: 'shop.yaml' } },
  });
  await records.save(record);
  await cloneRepositories.run(operation(), voice);
  await buildImages.run(operation(), voice);
  await records.change(id, { established: true });
  built = [];
});

/** What the steps of an operation share. */
function operation(rollout = false): ServicesContext {
  return { ...contextApart(tools, tools.records, id), rollout };
}

const record = () => tools.records.find(id) ?? sampleRecord();

/** What a rollout would take up and build. */
async function rollOut(): Promise<string | null | undefined> {
  const { order, parts, secrets } = record();
  await tools.records.change(id, { next: { version: { order, parts, secrets }, former: {} } });
  const context = operation(true);
  await updateRepositories.run(context, voice);
  await buildImages.run(context, voice);
  return record().next?.version.parts['web']?.image;
}

function watch(options: { readonly buildAhead?: boolean } = {}) {
  const warned: unknown[] = [];
  const branches = new BranchWatch(
    tools,
    {
      ...{ folder: `${folder}/services`, buildAhead: true, ...options },
      warn: (_, error) => warned.push(error),
    },
    () => {},
  );
  const follow = async () => {
    await branches.follow(operation(), signal);
    while (branches.underWay(id, 'web')?.state.match(/waiting|building/))
      await new Promise((resolve) => setTimeout(resolve, 20));
  };
  return { branches, follow, warned };
}

test('a rollout finds what was built ahead by its name, also when the commit has a value generated that goes into it', async () => {
  const { follow } = watch();
  await follow();
  expect(built).toEqual([]);
  const pinned = record().parts;
  const newest = await commit({ page: 'two', '.env.example': 'SALT=$$secret(16)\n' });
  await follow();
  const { web } = record().nextImages;
  expect(web).toMatchObject({ commit: newest, detail: null });
  expect(built).toEqual([`${web?.image} two`]);
  expect(record().parts).toEqual(pinned);
  expect(await readFile(join(tools.records.files(id).checkout('web'), 'page'), 'utf8')).toBe('one');
  expect(openSecrets(tools, record()).variables['SALT']).toMatch(/^[0-9a-f]{16}$/);
  expect(await readdir(`${folder}/services`)).toEqual([id]);
  await follow();
  expect(await rollOut()).toBe(web?.image);
  expect(built).toHaveLength(1);
}, 60_000);

test('what somebody works on is built by a name that no other has, and never where what was committed is to run', async () => {
  const checkout = tools.records.files(id).checkout('web');
  const committed = record().parts['web']?.image;
  await writeFile(join(checkout, 'page'), 'my work');
  expect(await rollOut()).toBe(committed);
  expect(built).toEqual([]);
  const { order } = record();
  await tools.records.change(id, { order: { ...order, services: { web: { production: false } } } });
  const work = await rollOut();
  expect(work).not.toBe(committed);
  expect(built).toEqual([`${work} my work`]);
  await rollOut();
  expect(built).toHaveLength(1);
  // The same work in another playground.
  const [apart, secrets] = [new ServicesRecords(`${folder}/apart`), openSecrets(tools, record())];
  const other = { order: { ...record().order, id: 'other' }, secrets: sealSecrets(tools, 'other', secrets) };
  await cp(tools.records.files(id).folder, apart.files('other').folder, { recursive: true });
  await apart.save({ ...record(), next: null, established: false, ...other });
  await buildImages.run(contextApart(tools, apart, 'other'), voice);
  expect(built).toEqual([`${work} my work`, expect.not.stringContaining(work ?? '')]);
  expect(record().parts['web']?.image).toBe(committed);
}, 60_000);

test('what is built is what was looked at, whatever takes its place when the build begins', async () => {
  const files = tools.records.files(id);
  await writeFile(join(folder, 'page'), 'of the host');
  meanwhile = async () => {
    await rm(files.checkout('web'), { recursive: true });
    await symlink(folder, files.checkout('web'));
  };
  images.clear();
  await rollOut();
  expect(built.map((line) => line.split(' ')[1])).toEqual(['one']);
  expect(existsSync(files.building)).toBe(false);
}, 60_000);

test('what was built is kept for another try when a rollout takes up the commit and fails', async () => {
  const { follow, branches } = watch();
  await commit({ page: 'two' });
  await follow();
  const { nextImages } = record();
  await rollOut();
  await tools.records.change(id, { next: null });
  branches.forget(id);
  await follow();
  expect(branches.of(id)?.get('web')?.standing).toBe('current');
  expect(record().nextImages).toEqual(nextImages);
  expect(built).toHaveLength(1);
}, 60_000);

test('what cannot be built is told without what is secret, and is tried again for another commit alone', async () => {
  const { follow, branches } = watch();
  await commit({ page: 'sick' });
  fault = 'no room for hush-hush';
  await follow();
  expect(record().nextImages['web']).toMatchObject({ image: null });
  expect(record().nextImages['web']?.detail).toMatch(/no room for •+$/);
  // Another engine knows it, too.
  await follow();
  await watch().follow();
  expect(built).toHaveLength(1);
  expect(branches.underWay(id, 'web')).toBeNull();
  fault = null;
  await commit({ page: 'well' });
  await follow();
  expect(built.map((line) => line.split(' ')[1])).toEqual(['sick', 'well']);
  expect(record().nextImages['web']?.image).toBe(built[1]?.split(' ')[0]);
}, 60_000);

test('a Dockerfile that leads out of the repository is not read', async () => {
  await runOrFail(['rm', join(repository, 'Dockerfile')]);
  await writeFile(join(folder, 'outside'), 'FROM secret\n');
  await symlink(join(folder, 'outside'), join(repository, 'Dockerfile'));
  await commit({});
  await watch().follow();
  expect(record().nextImages['web']?.detail).toContain('leads out of the repository');
  expect(built).toEqual([]);
}, 60_000);

test('nothing is built of what somebody works in, where it is switched off, or of a playground that does not run', async () => {
  const page = join(tools.records.files(id).checkout('web'), 'page');
  await commit({ page: 'two' });
  await watch({ buildAhead: false }).follow();
  await tools.records.change(id, { state: 'stopped' });
  await watch().follow();
  await tools.records.change(id, { state: 'running' });
  await writeFile(page, 'my work');
  await watch().follow();
  expect(built).toEqual([]);
  await writeFile(page, 'one');
  await watch().follow();
  expect(built).toHaveLength(1);
  await writeFile(page, 'my work');
  await watch().follow();
  expect(record().nextImages).toEqual({});
}, 60_000);

test('an image that somebody removed is built again; that of a branch which is not reached just now is kept', async () => {
  await commit({ page: 'two' });
  await watch().follow();
  const { nextImages } = record();
  await runOrFail(['mv', repository, `${repository}-away`]);
  await watch().follow();
  expect(record().nextImages).toEqual(nextImages);
  await runOrFail(['mv', `${repository}-away`, repository]);
  images.clear();
  await watch().follow();
  expect(record().nextImages).toEqual(nextImages);
  expect(built).toHaveLength(2);
}, 60_000);

test('a commit that leaves no file to start from is told before a rollout meets it', async () => {
  await commit({ 'extra.env': 'A=\uFFFD\n' });
  const { order } = record();
  const text = order.compose.text.replace('    labels:', '    env_file: extra.env\n    labels:');
  await tools.records.change(id, { order: { ...order, compose: { ...order.compose, text } } });
  await watch().follow();
  expect(record().nextImages['web']).toMatchObject({
    image: null,
    detail: expect.stringContaining('extra.env of the repository is no text'),
  });
  expect(existsSync(`${folder}/services/${id}/services.json`)).toBe(true);
}, 60_000);
