// Whole command lines against a server that speaks the contract: the visible text is the specification.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { PlayspecPage } from '@playhouse/contract/playspec';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FakeApi, type FakeRequest, type FakeRoutes, startFakeApi } from '../../testing/fake-api.ts';
import { runCli } from '../../testing/run-cli.ts';

const page: PlayspecPage = {
  name: 'my-lab',
  version: 3,
  kind: 'machines',
  title: 'My lab',
  description: 'Two machines.',
  categories: ['linux', 'networking'],
  cover: null,
  flexible: false,
  origin: null,
  base: 'flexbox',
  owner: 'ann',
  accessControl: { canList: ['owner'], canRead: ['owner', 'user:bob'], canStart: ['owner'] },
  saved: null,
  prewarm: null,
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-02T03:00:00.000Z',
  markdown: '# Do it\n\nThen check it.\n',
};
const { markdown: _markdown, ...listed } = page;
const note = {
  code: 'manifest-ignored',
  file: 'lab.yaml',
  line: 4,
  column: 5,
  path: 'playground.tabs',
  message: 'It has no effect.',
  hint: 'Nothing needs to be done.',
} as const;

let api: FakeApi;
let home: string;
let seen: FakeRequest[];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'playhouse-cli-'));
  seen = [];
});
afterEach(async () => {
  await api.close();
  rmSync(home, { recursive: true });
});

async function cli(routes: FakeRoutes, words: readonly string[], typed?: string) {
  const noted = Object.entries(routes).map(([name, answer]) => [
    name,
    (request: FakeRequest) => {
      seen.push(request);
      return answer(request);
    },
  ]);
  api = await startFakeApi(Object.fromEntries(noted) as FakeRoutes);
  return runCli(words, api.endpoint, { home, ...(typed === undefined ? {} : { typed }) });
}

function manifestFile(): string {
  const file = join(home, 'lab.yaml');
  writeFileSync(file, 'kind: playground\n');
  return file;
}

test('playspec list, with its filters', async () => {
  const shipped = { ...listed, name: 'flexbox', title: 'Flexbox', owner: null, version: 1 };
  const words = ['playspec', 'list', '--category', 'linux', '--mine'];
  const { stdout } = await cli({ 'playspec.list': () => ({ playspecs: [shipped, listed] }) }, words);
  expect(stdout).toMatchInlineSnapshot(`
    "NAME      KIND       TITLE     CATEGORIES          VERSION   OWNER       STARTS   OWN   SHARED
    flexbox   machines   Flexbox   linux, networking   1         playhouse   booted   -     -
    my-lab    machines   My lab    linux, networking   3         ann         booted   -     -
    "
  `);
  expect(seen).toMatchObject([{ query: { category: 'linux', mine: 'true' } }]);
});

test('playspec show tells what it is about and who may use it', async () => {
  const words = ['playspec', 'show', 'my-lab', '--version', '3'];
  const { stdout } = await cli({ 'playspec.get': () => ({ playspec: page }) }, words);
  expect(stdout).toMatchInlineSnapshot(`
    "Name:        my-lab
    Kind:        machines
    Title:       My lab
    Version:     3, made 4 min ago
    Owner:       ann
    Base:        flexbox
    Categories:  linux, networking
    Listed to:   owner
    Read by:     owner, user:bob
    Started by:  owner

    Two machines.

    # Do it

    Then check it.
    "
  `);
  expect(seen).toMatchObject([{ parameters: { name: 'my-lab' }, query: { version: '3' } }]);
});

test('playspec versions and the manifest of one', async () => {
  const versions = [3, 2].map((version) => ({ version, title: 'My lab', createdAt: page.updatedAt }));
  const table = await cli({ 'playspec.versions': () => ({ versions }) }, ['playspec', 'versions', 'my-lab']);
  expect(table.stdout).toMatchInlineSnapshot(`
    "VERSION   TITLE    MADE
    3         My lab   4 min ago
    2         My lab   4 min ago
    "
  `);
  await api.close();
  const route = { 'playspec.manifest': () => ({ manifest: 'kind: playground\n', version: 2 }) };
  const { stdout } = await cli(route, ['playspec', 'manifest', 'my-lab@2']);
  expect(stdout).toBe('kind: playground\n');
  expect(seen.at(-1)).toMatchObject({ parameters: { name: 'my-lab@2' } });
});

test('playspec create sends the manifest with its name, and shows notes and the next step', async () => {
  const file = manifestFile();
  const result = await cli({ 'playspec.create': () => ({ playspec: page, notes: [note] }) }, [
    'playspec',
    'create',
    '--base',
    'flexbox',
    'my-lab',
    '-f',
    file,
  ]);
  expect(seen.map(({ body }) => body)).toEqual([
    { name: 'my-lab', base: 'flexbox', manifest: 'kind: playground\n', manifestFile: file },
  ]);
  expect(result).toMatchInlineSnapshot(`
    {
      "status": 0,
      "stderr": "note: lab.yaml:4:5 playground.tabs: It has no effect. Nothing needs to be done.
    ",
      "stdout": "my-lab is in the catalog.
      Start it:  playhouse playground start my-lab
    ",
    }
  `);
});

test('playspec create takes a Compose file without a base', async () => {
  const file = join(home, 'compose.yaml');
  writeFileSync(file, 'services: { web: { image: x } }\n');
  const compose = { ...page, name: 'shop', kind: 'compose' as const };
  const { stdout } = await cli({ 'playspec.create': () => ({ playspec: compose, notes: [] }) }, [
    ...['playspec', 'create', 'shop', '-f', file],
  ]);
  expect(stdout).toBe('shop is in the catalog.\n  Start it:  playhouse playground start shop\n');
  expect(seen.map(({ body }) => body)).toEqual([
    { name: 'shop', manifest: 'services: { web: { image: x } }\n', manifestFile: file },
  ]);
});

const origin = {
  repository: 'https://git.example.org/ann/shop',
  branch: 'dev',
  commit: 'c0ffee'.repeat(6),
  path: 'deploy/compose.yaml',
};
const ofRepository = { ...page, name: 'shop', kind: 'compose' as const, base: null, origin };

test('playspec create takes a Compose file from a repository, and says which it found', async () => {
  const { repository, branch, path } = origin;
  const routes = { 'playspec.create': () => ({ playspec: ofRepository, notes: [] }) };
  const words = ['playspec', 'create', 'shop', '--repository', repository];
  const { stdout } = await cli(routes, [...words, '--branch', branch, '--path', path]);
  expect(stdout).toBe(
    `shop is in the catalog, from ${path} of ${repository} at dev@c0ffeec0ffee.\n  Start it:  playhouse playground start shop\n`,
  );
  await api.close();
  await cli(routes, words);
  expect(seen.map(({ body }) => body)).toEqual([
    { name: 'shop', repository: { repository, branch, path } },
    { name: 'shop', repository: { repository } },
  ]);
});

test('playspec update takes it again from there, or from elsewhere', async () => {
  const routes = { 'playspec.update': () => ({ playspec: ofRepository, notes: [] }) };
  const { stdout } = await cli(routes, ['playspec', 'update', 'shop', '--from-repository']);
  expect(stdout).toBe(
    `shop is at version 3, from ${origin.path} of ${origin.repository} at dev@c0ffeec0ffee.\n`,
  );
  await api.close();
  await cli(routes, ['playspec', 'update', 'shop', '--repository', 'git@e.org:a', '--path', 'c.yaml']);
  expect(seen.map(({ body }) => body)).toEqual([
    { fromRepository: true },
    { repository: { repository: 'git@e.org:a', path: 'c.yaml' } },
  ]);
});

test('playspec show says where a Compose file is from', async () => {
  const shown = { ...ofRepository, origin: { ...origin, branch: null } };
  const { stdout } = await cli({ 'playspec.get': () => ({ playspec: shown }) }, ['playspec', 'show', 'shop']);
  expect(stdout).toMatch(/^Repository: +https:\/\/git\.example\.org\/ann\/shop$/m);
  expect(stdout).toMatch(/^Branch: +the default one$/m);
  expect(stdout).toMatch(/^File: +deploy\/compose\.yaml$/m);
});

test('playspec create without a file copies the base; -q prints the name alone', async () => {
  const words = ['playspec', 'create', 'my-lab', '-b', 'debian', '-q'];
  const { stdout } = await cli({ 'playspec.create': () => ({ playspec: page, notes: [] }) }, words);
  expect([stdout, seen[0]?.body]).toEqual(['my-lab\n', { name: 'my-lab', base: 'debian' }]);
});

test('what is missing is said before anything is sent', async () => {
  for (const [words, option] of [
    [['playspec', 'create', 'my-lab', '-f', manifestFile()], '--base'],
    [['playspec', 'update', 'my-lab'], '-f FILE'],
    [['playspec', 'update', 'my-lab', '-f', manifestFile(), '--from-repository'], 'in one way'],
    [['playspec', 'create', 'shop', '--branch', 'dev'], '--repository URL'],
    [['playspec', 'create', 'shop', '--repository', 'https://e.org/a', '--base', 'debian'], '--repository'],
  ] as const) {
    const { status, stderr } = await cli({}, words);
    expect([status, stderr]).toEqual([2, expect.stringContaining(option)]);
    await api.close();
  }
});

test('playspec update tells the version', async () => {
  const words = ['playspec', 'update', 'my-lab', '-f', manifestFile()];
  const { stdout } = await cli({ 'playspec.update': () => ({ playspec: page, notes: [] }) }, words);
  expect(stdout).toBe('my-lab is at version 3.\n');
});

test.each([
  ['a no', ['playspec', 'rm', 'my-lab'], 'n', false],
  ['nothing', ['playspec', 'rm', 'my-lab'], '', false],
  ['a yes', ['playspec', 'rm', 'my-lab'], 'Y', true],
  ['--force', ['playspec', 'rm', 'my-lab', '--force'], 'n', true],
  ['no terminal', ['playspec', 'remove', 'my-lab'], undefined, true],
])('playspec remove at %s', async (_case, words, typed, removed) => {
  const result = await cli({ 'playspec.remove': () => ({ playspec: listed }) }, words, typed);
  expect([result.status, seen.length]).toEqual([0, removed ? 1 : 0]);
  expect(result.stdout).toBe(removed ? 'my-lab is removed; its playgrounds go on.\n' : '');
});

test('a refusal of the server says why and how to mend it', async () => {
  const refuse = () => {
    throw new PlayhouseError('playspec-shipped', { name: 'debian' });
  };
  const result = await cli({ 'playspec.remove': refuse }, ['playspec', 'remove', 'debian', '--force']);
  expect(result).toMatchObject({ status: 1, stderr: expect.stringContaining('--base debian') as string });
});
