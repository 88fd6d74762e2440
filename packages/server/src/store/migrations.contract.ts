// What an older database holds is there after it was brought to this version.
import type { Dialect } from 'kysely';
import { describe, expect, test } from 'vitest';
import { waitingCommands } from './commands.ts';
import { at, later, makeFirstVersion, makeUnsealedVersion, unsealed } from './earlier-versions.ts';
import { findPlayground, listPlaygrounds } from './playgrounds.ts';
import { findPlayspec, listPlayspecVersions } from './playspecs.ts';
import type { Store } from './store.ts';
import { findTokenByHash } from './tokens.ts';
import { addUser, findUser, removeUser } from './users.ts';

/** `createDialect` gives a dialect on the same, at first empty, database each time within a test; `open` the store on it. */
export function describeMigrations(
  name: string,
  createDialect: () => Dialect,
  open: () => Promise<Store>,
): void {
  describe(`migrations on ${name}`, () => {
    test('a database of the first version: its token, playgrounds and playspecs are the administrator’s', async () => {
      await makeFirstVersion(createDialect());
      const store = await open();
      const { database } = store;
      expect(await findTokenByHash(database, 'aa')).toMatchObject({
        user: { id: 'admin', name: 'admin', admin: true },
        token: { name: 'admin', createdAt: at, expiresAt: null },
      });
      expect(await listPlaygrounds(database, { all: true })).toHaveLength(1);
      expect(await findPlayground(database, '7')).toMatchObject({
        owner: 'admin',
        ownerId: 'admin',
        status: 'running',
        playspec: { name: 'flexbox', version: 1 },
        suspended: false,
        snapshotId: null,
        forkedFrom: null,
        from: null,
        hidden: false,
        spare: false,
      });
      expect(await findPlayspec(database, 'flexbox')).toMatchObject({
        version: 2,
        kind: 'machines',
        manifest: 'text 2',
        owner: null,
        markdown: '',
        createdAt: at,
        updatedAt: later,
        accessControl: { canStart: ['authenticated'] },
        saved: null,
        prewarm: null,
      });
      expect(await findPlayspec(database, 'flexbox', 1)).toMatchObject({ manifest: 'text 1' });
      expect(await listPlayspecVersions(database, 'flexbox')).toHaveLength(2);
      await store.close();
    });

    test('users of before keep their credentials, which engines have under their names; who gets such a name later has others', async () => {
      await (await makeUnsealedVersion(createDialect())).destroy();
      const store = await open();
      const { database } = store;
      expect((await findUser(database, 'ann'))?.id).toBe('ann');
      await removeUser(database, 'ann', 'admin');
      expect(await addUser(database, { id: 'new', name: 'ann', admin: false, createdAt: later })).toBe(true);
      expect((await findUser(database, 'ann'))?.id).toBe('new');
      await store.close();
    });

    test('a database that nothing was sealed in is sealed, and has what it had', async () => {
      await (await makeUnsealedVersion(createDialect())).destroy();
      for (const turn of ['first', 'again']) {
        const store = await open();
        const { database } = store;
        const found = await findPlayground(database, '7');
        expect([turn, found?.stack]).toEqual([turn, unsealed.stack]);
        expect((await findPlayspec(database, 'saved'))?.savedServices).toEqual(unsealed.savedServices);
        expect(await waitingCommands(database, 0)).toEqual([{ sequence: 2, command: unsealed.command }]);
        const rows = await Promise.all([
          database.selectFrom('playgrounds').selectAll().execute(),
          database.selectFrom('playspec_versions').selectAll().execute(),
          database.selectFrom('commands').selectAll().execute(),
        ]);
        expect(JSON.stringify(rows)).not.toContain('-secret');
        await store.close();
      }
    });
  });
}
