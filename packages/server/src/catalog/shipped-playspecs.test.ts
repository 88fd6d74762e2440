import { findIgnored } from '@playhouse/contract/manifest/ignored';
import { parseManifest } from '@playhouse/contract/manifest/parse-manifest';
import { findUnsupported } from '@playhouse/contract/manifest/unsupported';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createNodeSqliteDialect } from '../store/node-sqlite-dialect.ts';
import {
  addPlayspec,
  addPlayspecVersion,
  findPlayspec,
  listPlayspecs,
  type NewVersion,
  type StoredPlayspec,
} from '../store/playspecs.ts';
import { newStoreKey } from '../store/store-fixtures.ts';
import { openStore, type Store } from '../store/store.ts';
import { saveShippedPlayspecs } from './shipped-playspecs.ts';

const at = '2026-01-01T00:00:00.000Z';
let store: Store;
beforeEach(async () => {
  store = await openStore(createNodeSqliteDialect(':memory:'), newStoreKey());
  await saveShippedPlayspecs(store, at);
});
afterEach(() => store.close());

test('each can be run as it is, says what it is about, what to do, and how to check it', async () => {
  const shipped = await listPlayspecs(store.database);
  expect(shipped.length).toBeGreaterThan(3);
  for (const playspec of shipped) {
    const { name, manifest: text } = playspec;
    const purpose = playspec.flexible ? 'part' : 'publish';
    const { manifest, problems } = parseManifest(text, { file: name, purpose });
    expect([name, problems]).toEqual([name, undefined]);
    expect([name, manifest?.name, manifest && findUnsupported(manifest)]).toEqual([name, name, []]);
    expect([name, manifest && findIgnored(manifest)]).toEqual([name, []]);
    expect(playspec.categories).not.toEqual([]);
    expect(playspec.description).toMatch(/^.{20,500}$/);
    expect(playspec.markdown).toMatch(/^# .+\n[^]+\n## What to do\n[^]+\n## How to check\n/);
    expect(playspec.owner).toBeNull();
  }
});

test('a text that changed becomes a new version; the same one does not', async () => {
  expect(await saveShippedPlayspecs(store, at)).toEqual([]);
  const debian = await findPlayspec(store.database, 'debian');
  expect(debian?.version).toBe(1);
  if (debian === null) return;
  await addPlayspecVersion(store.database, changed(debian, 'an older text'), at);
  await saveShippedPlayspecs(store, at);
  expect(await findPlayspec(store.database, 'debian')).toMatchObject({
    version: 3,
    manifest: debian.manifest,
  });
});

test('a playspec that a user has under the same name is left alone', async () => {
  const other = await openStore(createNodeSqliteDialect(':memory:'), newStoreKey());
  const debian = await findPlayspec(store.database, 'debian');
  if (debian !== null) await addPlayspec(other.database, changed(debian, 'mine'), 'ann', at);
  expect(await saveShippedPlayspecs(other, at)).toEqual(['debian']);
  expect(await findPlayspec(other.database, 'debian')).toMatchObject({ owner: 'ann', manifest: 'mine' });
  await other.close();
});

function changed({ saved: _saved, ...playspec }: StoredPlayspec, manifest: string): NewVersion {
  return { ...playspec, manifest };
}
