import { readdir, readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../system/testing/temporary-directory.ts';
import { sampleSnapshot } from '../testing/sample-snapshot.ts';
import { SnapshotStore } from './snapshot-store.ts';

const [good, sick] = ['a'.repeat(24), 'b'.repeat(24)];

test('a snapshot that cannot be read is left alone, and what needs it fails by its name', async () => {
  const directory = await temporaryDirectory();
  const first = new SnapshotStore(directory);
  await first.load();
  await first.save(sampleSnapshot(good));
  await writeFile(`${directory}/${sick}.json`, '{"id":');

  const store = new SnapshotStore(directory);
  await store.load();
  expect(store.all().map(({ id }) => id)).toEqual([good]);
  expect([...store.sick.keys()]).toEqual([sick]);
  const refusal = { code: 'description-unreadable', message: expect.stringContaining(sick) as string };
  expect(() => store.get(sick)).toThrow(expect.objectContaining(refusal) as Error);
  await expect(store.save(sampleSnapshot(sick))).rejects.toMatchObject(refusal);
  expect(await readFile(`${directory}/${sick}.json`, 'utf8')).toBe('{"id":');
});

test('one that cannot be read goes when it is asked to', async () => {
  const directory = await temporaryDirectory();
  await writeFile(`${directory}/${sick}.json`, '{"id":');
  const store = new SnapshotStore(directory);
  await store.load();
  await store.remove(sick);
  expect([...store.sick]).toEqual([]);
  expect(store.find(sick)).toBeNull();
});

test('one that is removed while it is written is gone, and what comes later does not bring it back', async () => {
  const directory = await temporaryDirectory();
  const store = new SnapshotStore(directory);
  await store.load();
  await store.save(sampleSnapshot(good));
  const changes = [store.change(good, { verifiedAt: '2026-01-01T00:00:00Z' }), store.remove(good)];
  await Promise.all([...changes, store.change(good, { offloadedAt: '2026-01-01T00:00:00Z' })]);
  expect(store.all()).toEqual([]);
  expect(await readdir(directory)).toEqual([]);
});
