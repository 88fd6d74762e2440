import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rmdir, stat, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../system/testing/temporary-directory.ts';
import { LayerStore } from './layer-store.ts';

async function open() {
  const directory = `${await temporaryDirectory()}/layers`;
  const store = new LayerStore(directory);
  await store.load();
  const file = `${directory}/../overlay`;
  await writeFile(file, 'what was written');
  return { directory, store, file };
}

test('a file becomes a layer that nobody changes, with a digest when there is time', async () => {
  const { store, file, directory } = await open();
  await store.adopt(file, 'a', 'disk');
  expect(existsSync(file)).toBe(false);
  expect((await stat(store.path('a'))).mode & 0o777).toBe(0o444);
  expect(store.get('a').digest).toBeNull();
  const digest = await store.seal('a');
  expect(digest).toMatch(/^sha256-4m:[0-9a-f]{64}$/);
  const fresh = new LayerStore(directory);
  await fresh.load();
  expect(fresh.get('a')).toMatchObject({ id: 'a', kind: 'disk', digest });
});

test('to adopt once more what was adopted before a crash changes nothing', async () => {
  const { store, file } = await open();
  await store.adopt(file, 'a', 'disk');
  await store.adopt(file, 'a', 'disk');
  expect(store.all()).toHaveLength(1);
});

test('a layer whose description finds no room is described at the next attempt', async () => {
  const { store, file, directory } = await open();
  // Where the description should be is something that cannot be replaced, as on a full disk.
  await mkdir(`${directory}/a.json`);
  await expect(store.adopt(file, 'a', 'disk')).rejects.toThrow('EISDIR');
  await rmdir(`${directory}/a.json`);
  await store.adopt(file, 'a', 'disk');
  const fresh = new LayerStore(directory);
  await fresh.load();
  expect(fresh.get('a')).toMatchObject({ kind: 'disk' });
});

test('what nobody needs is collected, the rest stays', async () => {
  const { store, file, directory } = await open();
  await store.adopt(file, 'a', 'disk');
  await writeFile(file, 'memory');
  await store.adopt(file, 'b', 'memory');
  expect(await store.collect(new Set(['b']))).toEqual(['a']);
  expect(existsSync(`${directory}/a.qcow2`)).toBe(false);
  expect(await store.bytes({ id: 'b', kind: 'memory' })).toBeGreaterThan(0);
});

test('a file without a description is a crash’s, unless a cut is going to describe it', async () => {
  const { store, directory } = await open();
  for (const name of ['x.ram', 'y.qcow2']) await writeFile(`${directory}/${name}`, '');
  await store.collect(new Set(['y']));
  expect(existsSync(`${directory}/x.ram`)).toBe(false);
  expect(existsSync(`${directory}/y.qcow2`)).toBe(true);
});

test('a layer that is nowhere else is not evicted; one that the vault has is, and is still known', async () => {
  const { store, file } = await open();
  await store.adopt(file, 'a', 'disk');
  await expect(store.evict('a')).rejects.toThrow('nowhere else');
  await store.markOffloaded('a');
  await store.evict('a');
  expect(await store.bytes({ id: 'a', kind: 'disk' })).toBeNull();
  expect(store.get('a').offloadedAt).not.toBeNull();
});

test('what an interrupted cut left is removed at the next start', async () => {
  const { directory } = await open();
  await mkdir(`${directory}/.cut-x`);
  await new LayerStore(directory).load();
  expect(existsSync(`${directory}/.cut-x`)).toBe(false);
});

test('a layer whose description cannot be read is left alone and named, and the others are as they were', async () => {
  const { directory, store, file } = await open();
  await store.adopt(file, 'a', 'disk');
  for (const name of ['sick.json', 'sick.qcow2']) await writeFile(`${directory}/${name}`, '{"id":');
  const fresh = new LayerStore(directory);
  await fresh.load();
  expect(fresh.all().map(({ id }) => id)).toEqual(['a']);
  expect([...fresh.sick.keys()]).toEqual(['sick']);
  expect(await fresh.collect(new Set())).toEqual(['a']);
  await writeFile(file, 'another');
  await expect(fresh.adopt(file, 'sick', 'disk')).rejects.toMatchObject({ code: 'description-unreadable' });
  expect(() => fresh.get('sick')).toThrow(/layer sick/);
  expect(await readFile(`${directory}/sick.qcow2`, 'utf8')).toBe('{"id":');
  expect(await readFile(`${directory}/sick.json`, 'utf8')).toBe('{"id":');
});

test('a layer that is collected while its description is written is gone', async () => {
  const { store, file, directory } = await open();
  await store.adopt(file, 'a', 'disk');
  const marking = store.markOffloaded('a');
  expect(await store.collect(new Set())).toEqual(['a']);
  await marking;
  await expect(store.markOffloaded('a')).rejects.toMatchObject({ code: 'snapshot-incomplete' });
  expect(store.all()).toEqual([]);
  expect(await readdir(directory)).toEqual([]);
});
