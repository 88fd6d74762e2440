import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../system/testing/temporary-directory.ts';
import { kernelFiles, KernelStore } from './kernel-store.ts';

const recipes = ['6.1', '6.12'].map((name) => ({
  name,
  package: 'linux-image-cloud-amd64',
  suite: 'bookworm',
}));
const origin = { kind: 'package', package: 'linux-image-cloud-amd64', suite: 'bookworm' } as const;
const description = { release: '6.1.0-1', digest: 'sha256:k', origin, sizeBytes: 5 } as const;

async function install(store: KernelStore, content: string, name = '6.1'): Promise<void> {
  const folder = `${await store.stage('op')}/kernel`;
  await mkdir(folder);
  await writeFile(kernelFiles(folder).image, content);
  await store.publish(folder, { ...description, name, guestDigest: store.guestDigest });
  await store.unstage('op');
}

test('an installed kernel is found with its files', async () => {
  const store = new KernelStore(await temporaryDirectory(), recipes.slice(0, 1), 'sha256:g');
  const none = {
    name: '6.1',
    installed: false,
    release: null,
    digest: null,
    official: true,
    origin,
    sizeBytes: null,
  };
  expect(await store.list()).toEqual([none]);
  await expect(store.files('6.1')).rejects.toMatchObject({ code: 'kernel-not-ready' });
  await install(store, 'kernel');
  expect(await store.list()).toEqual([{ ...none, ...description, installed: true }]);
  expect(await readFile((await store.files('6.1')).image, 'utf8')).toBe('kernel');
});

test('a kernel with another guest agent counts as not installed, and is replaced', async () => {
  const directory = await temporaryDirectory();
  await install(new KernelStore(directory, recipes, 'sha256:old'), 'old');
  const store = new KernelStore(directory, recipes, 'sha256:new');
  expect(await store.find('6.1')).toBeNull();
  expect((await store.outdated()).map(({ name }) => name)).toEqual(['6.1']);
  await install(store, 'new');
  expect(await readFile((await store.files('6.1')).image, 'utf8')).toBe('new');
  expect(await store.outdated()).toEqual([]);
  expect(await readdir(directory)).toEqual(['6.1']);
});

test('a kernel of an older form counts as not installed', async () => {
  const directory = await temporaryDirectory();
  const store = new KernelStore(directory, recipes, 'sha256:g');
  await install(store, 'kernel');
  const { form: _form, ...old } = JSON.parse(await readFile(`${directory}/6.1/kernel.json`, 'utf8')) as {
    form: number;
  };
  await writeFile(`${directory}/6.1/kernel.json`, JSON.stringify(old));
  expect(await store.find('6.1')).toBeNull();
  expect(await store.outdated()).toEqual([]);
});

test('a name that is neither official nor installed is unknown, with the one that was probably meant', async () => {
  const store = new KernelStore(await temporaryDirectory(), recipes, 'sha256:g');
  for (const name of ['5.10', '../6.1', '.op'])
    await expect(store.find(name)).rejects.toMatchObject({ code: 'kernel-unknown' });
  await expect(store.find('6.13')).rejects.toMatchObject({
    hint: expect.stringMatching(/6\.1, 6\.12 \(did you mean `6\.1/) as string,
  });
  await install(store, 'own', 'mine');
  expect(await store.find('mine')).toMatchObject({ name: 'mine' });
  expect((await store.list()).map(({ name, official }) => `${name} ${official}`)).toEqual([
    '6.1 true',
    '6.12 true',
    'mine false',
  ]);
});

test('a removed kernel is unknown again unless it is official', async () => {
  const directory = await temporaryDirectory();
  const store = new KernelStore(directory, recipes, 'sha256:g');
  await install(store, 'own', 'mine');
  await install(store, 'kernel');
  for (const name of ['mine', '6.1', 'mine']) await store.remove(name);
  await expect(store.find('mine')).rejects.toMatchObject({ code: 'kernel-unknown' });
  expect(await store.find('6.1')).toBeNull();
  expect(await readdir(directory)).toEqual([]);
});

test('interrupted installations are removed, those that go on are not', async () => {
  const directory = await temporaryDirectory();
  const store = new KernelStore(directory, recipes, 'sha256:g');
  await install(store, 'kernel');
  await store.stage('running');
  await store.stage('interrupted');
  await store.removeStaging(new Set(['running']));
  expect((await readdir(directory)).toSorted()).toEqual(['.running', '6.1']);
});
