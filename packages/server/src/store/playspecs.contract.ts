// What every store must do with playspecs, whatever database is below it.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  addPlayspec,
  addPlayspecVersion,
  findPlayspec,
  listPlayspecs,
  listPlayspecVersions,
  type NewVersion,
  removePlayspec,
  toPublicPlayspec,
} from './playspecs.ts';
import {
  listWithSnapshots,
  referenceOf,
  savePrewarm,
  takeBackVersion,
  usersOfSnapshot,
} from './playspec-snapshots.ts';
import { addOperation, saveOperation } from './operations.ts';
import { newOperation } from './store-fixtures.ts';
import type { Store } from './store.ts';

const at = '2026-01-01T00:00:00.000Z';
const later = '2026-01-02T00:00:00.000Z';

const lab: NewVersion = {
  name: 'lab',
  kind: 'machines',
  title: 'A lab',
  description: 'With machines.',
  categories: ['linux', 'networking'],
  cover: 'https://example.org/lab.png',
  flexible: false,
  origin: null,
  base: 'flexbox',
  accessControl: { canList: ['anyone'], canRead: ['authenticated'], canStart: ['user:bob', 'owner'] },
  markdown: '# Hello',
  manifest: 'one',
};

export function describePlayspecs(name: string, open: () => Promise<Store>): void {
  describe(`playspecs on ${name}`, () => {
    let store: Store;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(() => store.close());

    test('a playspec is read as it was written', async () => {
      expect(await addPlayspec(store.database, lab, 'ann', at)).toBe(true);
      const stored = {
        ...lab,
        ...{ version: 1, owner: 'ann', createdAt: at, updatedAt: at },
        ...{ saved: null, savedConditions: null, savedServices: null, savedProfiles: [], prewarm: null },
      };
      expect(await findPlayspec(store.database, 'lab')).toEqual(stored);
      expect(await listPlayspecs(store.database)).toEqual([stored]);
      expect(await findPlayspec(store.database, 'other')).toBeNull();
    });

    test('a name is taken until the playspec is removed, also by what comes with Playhouse', async () => {
      await addPlayspec(store.database, lab, null, at);
      expect(await addPlayspec(store.database, { ...lab, manifest: 'two' }, 'ann', at)).toBe(false);
      expect(await findPlayspec(store.database, 'lab')).toMatchObject({ owner: null, manifest: 'one' });
    });

    test('what comes with Playhouse may be listed and read by anyone, and started with a token', async () => {
      await addPlayspec(store.database, lab, null, at);
      expect((await findPlayspec(store.database, 'lab'))?.accessControl).toEqual({
        canList: ['anyone'],
        canRead: ['anyone'],
        canStart: ['authenticated'],
      });
    });

    test('an update makes the next version and leaves the ones before as they were', async () => {
      await addPlayspec(store.database, lab, 'ann', at);
      const before = await findPlayspec(store.database, 'lab', 1);
      const next = { ...lab, title: 'A better lab', manifest: 'two' };
      expect(await addPlayspecVersion(store.database, next, later)).toBe(2);
      expect(await findPlayspec(store.database, 'lab', 1)).toEqual(before);
      expect(await findPlayspec(store.database, 'lab')).toMatchObject({
        ...next,
        version: 2,
        owner: 'ann',
        createdAt: at,
        updatedAt: later,
      });
      expect(await findPlayspec(store.database, 'lab', 3)).toBeNull();
      expect(await listPlayspecVersions(store.database, 'lab')).toEqual([
        { version: 2, title: 'A better lab', createdAt: later },
        { version: 1, title: 'A lab', createdAt: at },
      ]);
    });

    test('updates at the same time each make a version of their own', async () => {
      await addPlayspec(store.database, lab, 'ann', at);
      const update = (index: number) =>
        store.transaction(async (transaction) => {
          const manifest = `text ${index}`;
          const version = await addPlayspecVersion(transaction, { ...lab, manifest }, later);
          await new Promise((resolve) => setTimeout(resolve, 1));
          return { version, manifest };
        });
      const made = await Promise.all(Array.from({ length: 10 }, (_, index) => update(index)));
      expect(new Set(made.map(({ version }) => version))).toEqual(
        new Set(Array.from({ length: 10 }, (_, index) => index + 2)),
      );
      for (const { version, manifest } of made)
        expect(await findPlayspec(store.database, 'lab', version)).toMatchObject({ manifest });
      expect(await findPlayspec(store.database, 'lab', 1)).toMatchObject({ manifest: 'one' });
    });

    test('a removed playspec is gone, and its name goes on counting for the next one', async () => {
      await addPlayspec(store.database, lab, 'ann', at);
      await addPlayspecVersion(store.database, lab, at);
      await removePlayspec(store.database, 'lab', later);
      expect(await listPlayspecs(store.database)).toEqual([]);
      expect(await findPlayspec(store.database, 'lab')).toBeNull();
      expect(await findPlayspec(store.database, 'lab', 1)).toBeNull();
      expect(await addPlayspec(store.database, lab, 'bob', later)).toBe(true);
      expect(await findPlayspec(store.database, 'lab')).toMatchObject({
        owner: 'bob',
        version: 3,
        createdAt: later,
      });
      expect(await listPlayspecVersions(store.database, 'lab')).toHaveLength(1);
    });

    test.each([
      { services: { profiles: { production: true } }, profiles: [] },
      { services: { services: { branch: 'fix' } }, profiles: ['extra'] },
      { services: {}, profiles: ['extra'] },
    ])('a saved version has the wishes and profiles of its playground: %j', async (wishes) => {
      const { database } = store;
      const saved = { snapshotId: newOperation(1).id, memory: false, conditions: {}, ...wishes };
      await addPlayspec(database, { ...lab, saved }, 'ann', at);
      expect(await findPlayspec(database, 'lab')).toMatchObject({
        ...{ savedServices: wishes.services, savedProfiles: wishes.profiles },
      });
    });

    test('a version that begins with a snapshot is ready once its cut has succeeded', async () => {
      const { database } = store;
      const cut = newOperation(1);
      const saved = { snapshotId: cut.id, memory: true, conditions: { Runtime: 'podman' } };
      await addPlayspec(database, { ...lab, saved }, 'ann', at);
      await addOperation(database, cut);
      expect(await findPlayspec(database, 'lab')).toMatchObject({
        saved: { snapshotId: cut.id, memory: true, state: 'making' },
        savedConditions: saved.conditions,
      });
      await saveOperation(database, { ...cut, status: 'succeeded', revision: 1 });
      expect((await findPlayspec(database, 'lab'))?.saved?.state).toBe('ready');
      expect(await usersOfSnapshot(database, cut.id)).toEqual(['lab@1']);
      expect(await usersOfSnapshot(database, 'f'.repeat(24))).toEqual([]);
    });

    test('a version that is taken back leaves the one before as the newest; its number is used up', async () => {
      const { database } = store;
      await addPlayspec(database, lab, 'ann', at);
      expect(await addPlayspecVersion(database, { ...lab, manifest: 'two' }, at)).toBe(2);
      await takeBackVersion(database, { name: 'lab', version: 2 }, later);
      expect(await findPlayspec(database, 'lab')).toMatchObject({ version: 1, manifest: 'one' });
      expect(await listPlayspecs(database)).toMatchObject([{ version: 1 }]);
      expect(await addPlayspecVersion(database, { ...lab, manifest: 'three' }, at)).toBe(3);
      for (const version of [1, 3]) await takeBackVersion(database, { name: 'lab', version }, later);
      expect(await listPlayspecs(database)).toEqual([]);
      expect(await addPlayspec(database, lab, 'bob', later)).toBe(true);
      expect((await findPlayspec(database, 'lab'))?.version).toBe(4);
    });

    test('prewarming is kept by version', async () => {
      const { database } = store;
      await addPlayspec(database, lab, 'ann', at);
      await addPlayspecVersion(database, lab, at);
      const prewarm = {
        state: 'making',
        snapshotId: null,
        playgroundId: 'a'.repeat(24),
        operationId: 'b'.repeat(24),
        cutId: 'c'.repeat(24),
        error: null,
        fingerprint: 'x',
        spare: null,
      } as const;
      await savePrewarm(database, { name: 'lab', version: 1 }, prewarm);
      expect((await findPlayspec(database, 'lab'))?.prewarm).toBeNull();
      expect((await findPlayspec(database, 'lab', 1))?.prewarm).toEqual(prewarm);
      expect((await listWithSnapshots(database)).map(referenceOf)).toEqual(['lab@1']);
      expect(await usersOfSnapshot(database, 'c'.repeat(24))).toEqual(['lab@1']);
      const stored = await findPlayspec(database, 'lab', 1);
      expect(stored && toPublicPlayspec(stored).prewarm).not.toHaveProperty('fingerprint');
      await savePrewarm(database, { name: 'lab', version: 1 }, null);
      expect(await listWithSnapshots(database, 'lab')).toEqual([]);
    });
  });
}
