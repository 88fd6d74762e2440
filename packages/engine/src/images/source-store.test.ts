import { createHash } from 'node:crypto';
import { chmod, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../system/testing/temporary-directory.ts';
import { SourceStore } from './source-store.ts';

const recipe = {
  name: 'debian-12',
  description: 'Debian',
  suite: 'bookworm',
  users: ['root'],
  packages: [],
  customize: ['/customize'],
};

async function open() {
  const directory = await temporaryDirectory();
  return { directory, store: new SourceStore(directory, [recipe]) };
}

/** Bakes a layer with this content; gives the path of the layer. */
async function bake(store: SourceStore, content: string, operationId = 'op'): Promise<string> {
  const staging = await store.stage(operationId);
  await writeFile(`${staging}/layer.qcow2`, content);
  const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
  const sizeBytes = content.length;
  const bakedAt = '2026-01-01T00:00:00.000Z';
  const source = {
    name: 'debian-12',
    digest,
    sizeBytes,
    virtualBytes: 1000,
    users: ['root'],
    bakedAt,
    image: null,
  };
  await store.publish(`${staging}/layer.qcow2`, source);
  await store.unstage(operationId);
  return (await store.find('debian-12'))?.layer ?? '';
}

/** Changes a layer behind the store’s back. */
async function tamper(layer: string, change: (path: string) => Promise<void>): Promise<void> {
  await chmod(layer, 0o644);
  await change(layer);
}

test('a source without a layer is known, but not baked', async () => {
  const { store } = await open();
  expect(await store.find('debian-12')).toBeNull();
  expect(await store.list()).toMatchObject([{ name: 'debian-12', baked: false, digest: null }]);
  await expect(store.verified('debian-12')).rejects.toMatchObject({ code: 'source-not-baked' });
  await expect(store.verified('gentoo')).rejects.toMatchObject({
    code: 'source-unknown',
    hint: expect.stringContaining('debian-12') as string,
  });
});

test('a baked source is found, whole, and cannot be written to', async () => {
  const { store } = await open();
  const layer = await bake(store, 'content');
  expect(await store.verified('debian-12')).toMatchObject({ name: 'debian-12', layer, virtualBytes: 1000 });
  expect((await stat(layer)).mode & 0o777).toBe(0o444);
  expect(await readFile(layer, 'utf8')).toBe('content');
  expect(await store.list()).toMatchObject([{ baked: true, sizeBytes: 7 }]);
});

test('a missing, a shortened and a changed layer are told apart', async () => {
  const { store } = await open();
  const layer = await bake(store, 'content');
  await tamper(layer, async (path) => await truncate(path, 3));
  await expect(store.verified('debian-12')).rejects.toThrow('it has 3 bytes instead of 7');
  await tamper(layer, async (path) => await writeFile(path, 'cOntent'));
  await expect(store.verified('debian-12')).rejects.toThrow('it does not match sha256:');
  await tamper(layer, rm);
  await expect(store.verified('debian-12')).rejects.toMatchObject({ code: 'source-corrupt' });
  await expect(store.verified('debian-12')).rejects.toThrow('the file is missing');
});

test('a layer that was found good is not read again until it changes', async () => {
  const { store, directory } = await open();
  const layer = await bake(store, 'content');
  const [folder = ''] = (await readdir(directory)).filter((name) => name.includes('@'));
  const stamp = `${directory}/${folder}/verified`;
  const before = await readFile(stamp, 'utf8');
  const written = (await stat(stamp)).mtimeMs;
  await store.verified('debian-12');
  expect((await stat(stamp)).mtimeMs).toBe(written);
  await utimes(layer, 1, 1);
  await store.verified('debian-12');
  expect(await readFile(stamp, 'utf8')).not.toBe(before);
});

test('many that start at the same time share one check', async () => {
  const { store } = await open();
  const layer = await bake(store, 'content');
  await utimes(layer, 1, 1);
  const sources = await Promise.all(
    Array.from({ length: 20 }, async () => await store.verified('debian-12')),
  );
  expect(new Set(sources.map((source) => source.layer))).toEqual(new Set([layer]));
  await tamper(layer, async (path) => await writeFile(path, 'cOntent'));
  await expect(store.verified('debian-12')).rejects.toMatchObject({ code: 'source-corrupt' });
});

test('collecting keeps the current layer, those in use, and what is being baked', async () => {
  const { store, directory } = await open();
  const first = await bake(store, 'one');
  const second = await bake(store, 'two');
  const third = await bake(store, 'three');
  await store.stage('running');
  await store.stage('interrupted');
  expect(await store.collect(new Set([first]), new Set(['running']))).toHaveLength(2);
  expect((await readdir(directory)).includes('.running')).toBe(true);
  expect((await readdir(directory)).includes('.interrupted')).toBe(false);
  await stat(first);
  await stat(third);
  await expect(stat(second)).rejects.toThrow('ENOENT');
  await store.collect(new Set(), new Set());
  await expect(stat(first)).rejects.toThrow('ENOENT');
  expect((await store.verified('debian-12')).layer).toBe(third);
});

const reference = 'oci://r.example/a:1';
const imageDigest = `sha256:${'d'.repeat(64)}`;

async function pull(store: SourceStore, name = reference): Promise<string> {
  const staging = await store.stage('pull');
  await writeFile(`${staging}/layer.qcow2`, 'layer');
  const digest = `sha256:${createHash('sha256').update('layer').digest('hex')}`;
  const image = {
    digest: imageDigest,
    blobs: ['sha256:b'],
    accounts: ['root'],
    init: '/sbin/init',
    sshServer: null,
  };
  const bakedAt = '2026-01-01T00:00:00.000Z';
  const facts = { digest, sizeBytes: 5, virtualBytes: 1000, users: ['root'], bakedAt, image };
  const { layer } = await store.publish(`${staging}/layer.qcow2`, { name, ...facts });
  await store.unstage('pull');
  return layer;
}

test('an image is found by its reference, however it is spelled', async () => {
  const { store } = await open();
  const layer = await pull(store, 'oci://r.example/a:latest');
  expect(await store.verified('oci://r.example/a')).toMatchObject({ layer, image: { digest: imageDigest } });
  expect(await store.find('oci://r.example/a:2')).toBeNull();
  await expect(store.verified('oci://r.example/b')).rejects.toMatchObject({ code: 'source-not-baked' });
  expect(await store.list()).toMatchObject([
    { name: 'debian-12', kind: 'official', baked: false },
    { name: 'oci://r.example/a:latest', kind: 'image', baked: true, imageDigest, users: ['root'] },
  ]);
});

test('two references to one image share its layer, which goes with the last of them', async () => {
  const { store } = await open();
  const layer = await pull(store);
  expect(await store.adopt('oci://r.example/b:1', imageDigest)).toMatchObject({
    layer,
    name: 'oci://r.example/b:1',
  });
  expect(await store.blobsInUse()).toEqual(new Set(['sha256:b']));
  await store.remove(reference);
  expect(await store.collect(new Set(), new Set())).toEqual([]);
  expect(await store.verified('oci://r.example/b:1')).toMatchObject({ layer });
  await store.remove('oci://r.example/b:1');
  expect(await store.collect(new Set([layer]), new Set())).toEqual([]);
  expect(await store.collect(new Set(), new Set())).toHaveLength(1);
  expect(await store.blobsInUse()).toEqual(new Set());
  expect(await store.describe(layer)).toBeNull();
});

test('an image that is damaged or not here is not adopted', async () => {
  const { store } = await open();
  expect(await store.adopt(reference, imageDigest)).toBeNull();
  await tamper(await pull(store), async (path) => await writeFile(path, 'other'));
  expect(await store.adopt('oci://r.example/b:1', imageDigest)).toBeNull();
  await pull(store);
  expect(await store.adopt('oci://r.example/b:1', imageDigest)).not.toBeNull();
});

test('a layer says what it was made as', async () => {
  const { store } = await open();
  expect(await store.describe(await pull(store))).toMatchObject({
    name: reference,
    image: { sshServer: null },
  });
});

test('a stand-in is listed with the facts of what is used in its place; a real source keeps its name', async () => {
  const { directory, store: plain } = await open();
  await bake(plain, 'layer');
  const image = 'oci://registry.example/fedora:42';
  const standIns = `ubuntu-24-04=debian-12 debian-12=other fedora=${image} lost=nowhere`;
  const store = new SourceStore(directory, [recipe], standIns);
  const [real, ...others] = await store.list();
  expect(real).toMatchObject({ name: 'debian-12', kind: 'official', instead: null });
  const { digest, bakedAt, users } = real ?? {};
  expect(others).toMatchObject([
    { name: 'ubuntu-24-04', kind: 'stand-in', instead: 'debian-12', baked: true, digest, bakedAt, users },
    { name: 'fedora', kind: 'stand-in', instead: image, baked: false, digest: null },
  ]);
  const names = ['ubuntu-24-04', 'debian-12', 'fedora', 'toString', image];
  expect(names.map((name) => store.inPlaceOf(name))).toEqual([
    'debian-12',
    'debian-12',
    image,
    'toString',
    image,
  ]);
});
