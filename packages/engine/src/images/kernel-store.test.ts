import { readdir, readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../system/testing/temporary-directory.ts';
import { kernelFiles, KernelStore } from './kernel-store.ts';

async function install(store: KernelStore, content: string): Promise<void> {
  const staging = await store.stage('op');
  await writeFile(kernelFiles(staging).image, content);
  const { guestDigest } = store;
  await store.publish(staging, { name: '6.1', release: '6.1.0-1', digest: 'sha256:k', guestDigest });
}

test('an installed kernel is found with its files', async () => {
  const store = new KernelStore(await temporaryDirectory(), ['6.1'], 'sha256:g');
  expect(await store.list()).toEqual([{ name: '6.1', installed: false, release: null, digest: null }]);
  await expect(store.files('6.1')).rejects.toMatchObject({ code: 'kernel-not-ready' });
  await install(store, 'kernel');
  expect(await store.list()).toEqual([
    { name: '6.1', installed: true, release: '6.1.0-1', digest: 'sha256:k' },
  ]);
  expect(await readFile((await store.files('6.1')).image, 'utf8')).toBe('kernel');
});

test('a kernel with another guest agent counts as not installed, and is replaced', async () => {
  const directory = await temporaryDirectory();
  await install(new KernelStore(directory, ['6.1'], 'sha256:old'), 'old');
  const store = new KernelStore(directory, ['6.1'], 'sha256:new');
  expect(await store.find('6.1')).toBeNull();
  await install(store, 'new');
  expect(await readFile((await store.files('6.1')).image, 'utf8')).toBe('new');
  expect(await readdir(directory)).toEqual(['6.1']);
});

test('a kernel without a recipe is unknown', async () => {
  const store = new KernelStore(await temporaryDirectory(), ['6.1', '6.12'], 'sha256:g');
  await expect(store.find('5.10')).rejects.toMatchObject({
    code: 'kernel-unknown',
    hint: expect.stringContaining('6.1, 6.12') as string,
  });
});

test('interrupted installations are removed, those that go on are not', async () => {
  const directory = await temporaryDirectory();
  const store = new KernelStore(directory, ['6.1'], 'sha256:g');
  await install(store, 'kernel');
  await store.stage('running');
  await store.stage('interrupted');
  await store.removeStaging(new Set(['running']));
  expect((await readdir(directory)).toSorted()).toEqual(['.running', '6.1']);
});
