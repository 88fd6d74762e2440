import { parseManifest } from '@playhouse/contract/manifest/parse-manifest';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { manifestWith } from '../testing/fixtures.ts';
import { access, create, lab } from '../testing/playspec-samples.ts';
import { startWithPeople } from '../testing/start-with-people.ts';
import type { Call, TestServer } from '../testing/test-server.ts';

let server: TestServer;
let ann: Call;
let bob: Call;
beforeEach(async () => {
  ({ server, ann, bob } = await startWithPeople());
});
afterEach(() => server.close());

test('a playspec keeps its name, shows what its manifest says of it, and is its owner’s', async () => {
  const { status, playspec, notes } = await create(ann, 'my-lab', lab());
  expect([status, notes]).toEqual([201, []]);
  expect(playspec).toMatchObject({
    name: 'my-lab',
    version: 1,
    title: 'My lab',
    description: 'Two words.',
    categories: ['linux', 'lab'],
    cover: 'https://example.org/a.png',
    markdown: '# Do it',
    flexible: false,
    base: 'flexbox',
    owner: 'ann',
    accessControl: { canList: ['owner'], canRead: ['owner'], canStart: ['owner'] },
  });
  const { markdown: _markdown, ...listed } = { ...playspec };
  expect((await ann('playspec.list', { query: { mine: 'true' } })).playspecs).toEqual([listed]);
  expect((await ann('playspec.get', { parameters: { name: 'my-lab' } })).playspec).toEqual(playspec);
});

test('what a manifest leaves out comes from the base, and the stored one is whole', async () => {
  await create(ann, 'my-lab', lab());
  const { manifest = '' } = await ann('playspec.manifest', { parameters: { name: 'my-lab' } });
  const stored = parseManifest(manifest, { file: 'x', purpose: 'publish' }).manifest;
  expect(stored).toMatchObject({
    name: 'my-lab',
    base: 'flexbox',
    playground: { networks: [{ name: 'local', subnet: '172.16.0.0/24' }], machines: [{ name: 'box' }] },
  });
});

test('without a manifest it is a copy of the base, and the owner’s alone', async () => {
  const { playspec } = await create(ann, 'copy', undefined, 'debian');
  expect(playspec).toMatchObject({
    title: 'Debian 12',
    base: 'debian',
    accessControl: { canStart: ['owner'] },
  });
  expect((await ann('playground.start', { body: { playspec: 'copy' } })).playground).toMatchObject({
    playspec: { name: 'copy', version: 1 },
    title: 'Debian 12',
    machines: [{ name: 'debian' }],
  });
});

test('an exported manifest may keep the name of its base, no other', async () => {
  const { manifest = '' } = await ann('playspec.manifest', { parameters: { name: 'debian' } });
  expect((await create(ann, 'copy', manifest, 'debian')).status).toBe(201);
  const { status, error } = await create(ann, 'other', manifest);
  expect(status).toBe(422);
  expect(error?.problems).toMatchObject([{ code: 'manifest-other-name', path: 'name', line: 3, column: 7 }]);
});

test('all faults of a manifest come at once, each at its place', async () => {
  const manifest = `name: other\n${manifestWith({ source: 'nope' })}  registryAuth: 'a:b'\n`;
  const { status, error } = await create(ann, 'my-lab', `title: My lab\n${manifest}`);
  expect([status, error?.code]).toEqual([422, 'manifest-invalid']);
  expect(error?.problems?.map(({ code, line }) => [code, line])).toEqual([
    ['manifest-other-name', 2],
    ['source-unknown', 9],
    ['manifest-unsupported', 12],
  ]);
  const untitled = await create(ann, 'my-lab', manifestWith({}));
  expect(untitled.error?.problems).toMatchObject([{ code: 'manifest-no-title' }]);
  const empty = await create(ann, 'my-lab');
  expect(empty.error?.problems).toMatchObject([{ code: 'manifest-no-machines', file: 'playspec flexbox' }]);
  expect(empty.error?.message).toBe('The manifest of playspec flexbox cannot be used; problems found: 1.');
  expect((await ann('playspec.list', { query: { mine: 'true' } })).playspecs).toEqual([]);
});

test('what is wrong with a stored playspec is told of the playspec, not of a file that its reader does not have', async () => {
  const { call } = server;
  const prewarmed = await call('playspec.prewarm', { parameters: { name: 'flexbox' } });
  expect(prewarmed.error?.message).toContain('The manifest of playspec flexbox cannot be used');
  expect(prewarmed.error?.problems).toMatchObject([
    { code: 'manifest-no-machines', file: 'playspec flexbox' },
  ]);
  const started = await ann('playground.start', { body: { playspec: 'flexbox' } });
  expect(started.error?.problems).toMatchObject([{ file: 'playspec flexbox' }]);
});

test('a name is taken once, whoever has it', async () => {
  await create(ann, 'my-lab', lab());
  for (const [call, name] of [
    [ann, 'my-lab'],
    [bob, 'my-lab'],
    [bob, 'debian'],
  ] as const)
    expect(await create(call, name, lab())).toMatchObject({
      status: 409,
      error: { code: 'playspec-exists' },
    });
  for (const name of ['My', 'a@b', '-a', 'a/b'])
    expect((await create(ann, name, lab())).error?.code).toBe('request-invalid');
});

test('an update makes the next version; playgrounds keep the one they were started from', async () => {
  await create(ann, 'my-lab', lab());
  const parameters = { name: 'my-lab' };
  await ann('playground.start', { body: { playspec: 'my-lab' } });
  const manifest = lab().replace('My lab', 'A better lab').replace('box', 'big');
  const updated = await ann('playspec.update', { parameters, body: { manifest } });
  expect(updated).toMatchObject({ status: 200, playspec: { version: 2, title: 'A better lab' } });
  const machines = async (playground: string) =>
    (await ann('playground.machines', { parameters: { playground } })).machines?.map(({ name }) => name);
  expect(await machines('1')).toEqual(['box']);
  await ann('playground.start', { body: { playspec: 'my-lab' } });
  await ann('playground.start', { body: { playspec: 'my-lab@1' } });
  expect([await machines('2'), await machines('3')]).toEqual([['big'], ['box']]);
  const { playgrounds } = await ann('playground.list');
  expect(playgrounds?.map(({ playspec }) => playspec.version)).toEqual([1, 2, 1]);
  const first = await ann('playspec.manifest', { parameters, query: { version: 1 } });
  expect(first).toMatchObject({ version: 1, manifest: expect.stringContaining('title: My lab') as string });
  const { versions } = await ann('playspec.versions', { parameters });
  expect(versions?.map(({ version, title }) => [version, title])).toEqual([
    [2, 'A better lab'],
    [1, 'My lab'],
  ]);
  for (const refused of [
    await ann('playspec.get', { parameters, query: { version: 3 } }),
    await ann('playground.start', { body: { playspec: 'my-lab@3' } }),
  ])
    expect(refused).toMatchObject({ status: 404, error: { code: 'playspec-version-unknown' } });
});

test('updates at the same time make a version each; the same manifest again makes none', async () => {
  await create(ann, 'my-lab', lab());
  const parameters = { name: 'my-lab' };
  const titles = Array.from({ length: 8 }, (_, index) => `My lab number ${index}`);
  const made = await Promise.all(
    titles.map((title) =>
      ann('playspec.update', { parameters, body: { manifest: lab().replace('My lab', title) } }),
    ),
  );
  expect(new Set(made.map(({ playspec }) => playspec?.version))).toEqual(new Set([2, 3, 4, 5, 6, 7, 8, 9]));
  for (const { playspec } of made) {
    const { version = 0, title } = { ...playspec };
    const read = await ann('playspec.get', { parameters, query: { version } });
    expect(read.playspec).toEqual(playspec);
    expect(titles).toContain(title);
  }
  const newest = (await ann('playspec.manifest', { parameters })).manifest ?? '';
  const again = await ann('playspec.update', { parameters, body: { manifest: newest } });
  expect(again.playspec?.version).toBe(9);
});

test('an update is whole, but for who may use the playspec', async () => {
  await create(ann, 'my-lab', lab(access('anyone')));
  const parameters = { name: 'my-lab' };
  const partial = await ann('playspec.update', {
    parameters,
    body: { manifest: 'kind: playground\nplayground: {}\n' },
  });
  expect(partial.error?.problems?.map(({ code }) => code)).toEqual(
    expect.arrayContaining(['manifest-no-title', 'manifest-no-machines']),
  );
  const manifest = `title: My lab\n${manifestWith({})}`;
  const { playspec } = await ann('playspec.update', { parameters, body: { manifest } });
  expect(playspec).toMatchObject({
    version: 2,
    base: 'flexbox',
    description: '',
    categories: [],
    cover: null,
    accessControl: { canList: ['anyone'], canStart: ['anyone'] },
  });
  expect((await server.visitor('playspec.get', { parameters })).status).toBe(200);
});

test('a removed playspec is gone; its playgrounds go on and its name may be used again', async () => {
  await create(ann, 'my-lab', lab());
  const parameters = { name: 'my-lab' };
  await ann('playground.start', { body: { playspec: 'my-lab' } });
  expect(await ann('playspec.remove', { parameters })).toMatchObject({
    status: 200,
    playspec: { version: 1 },
  });
  expect(await ann('playspec.get', { parameters })).toMatchObject({ error: { code: 'playspec-unknown' } });
  expect((await ann('playground.get', { parameters: { playground: '1' } })).playground?.status).toBe(
    'pending',
  );
  expect((await create(bob, 'my-lab', lab())).playspec).toMatchObject({ owner: 'bob', version: 2 });
});

test('what comes with Playhouse is neither changed nor removed, but is a base for everybody', async () => {
  const parameters = { name: 'flexbox' };
  for (const call of [ann, server.call]) {
    const update = await call('playspec.update', { parameters, body: { manifest: lab() } });
    expect(update).toMatchObject({ status: 409, error: { code: 'playspec-shipped' } });
    const remove = await call('playspec.remove', { parameters });
    expect(remove).toMatchObject({ status: 409, error: { code: 'playspec-shipped' } });
  }
  expect((await create(bob, 'his', lab())).status).toBe(201);
});

test('the catalog is filtered by category and by what is the caller’s own', async () => {
  await create(ann, 'my-lab', lab(access('anyone')));
  const list = async (call: Call, query: { category?: string; mine?: string }) =>
    (await call('playspec.list', { query })).playspecs?.map(({ name }) => name);
  expect(await list(bob, { category: 'LAB' })).toEqual(['my-lab']);
  expect(await list(bob, { mine: 'true' })).toEqual([]);
  expect(await list(ann, { mine: 'true', category: 'linux' })).toEqual(['my-lab']);
  expect(await list(server.visitor, { mine: 'true' })).toEqual([]);
});

test('a start lays a partial manifest over the playspec', async () => {
  await create(ann, 'my-lab', lab());
  const manifest = manifestWith({ ramSize: '256MiB' }).replace('laborant', 'root');
  const { playground } = await ann('playground.start', { body: { playspec: 'my-lab', manifest } });
  expect(playground).toMatchObject({
    playspec: { name: 'my-lab', version: 1 },
    title: 'My lab',
    machines: [{ name: 'box', ramBytes: 256 * 2 ** 20, users: ['root'] }],
  });
  const other = manifest.replace('box', 'new');
  const refused = await ann('playground.start', { body: { playspec: 'my-lab', manifest: other } });
  expect(refused.error?.problems).toMatchObject([{ code: 'manifest-machine-not-in-base' }]);
});
