// What every store must do with users and what they own, whatever database is below it.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addOperation, listOperations } from './operations.ts';
import { addPlayground, findPlayground, listPlaygrounds } from './playgrounds.ts';
import { newOperation, newPlayground } from './store-fixtures.ts';
import type { Store } from './store.ts';
import { addToken, findTokenByHash, listTokens, removeToken, replaceToken } from './tokens.ts';
import { addUser, findUser, listUsers, removeUser } from './users.ts';

const at = '2026-01-01T00:00:00.000Z';
const ann = { id: 'a'.repeat(24), name: 'ann', admin: false, createdAt: at };
const laptop = { user: 'ann', name: 'laptop', createdAt: at, expiresAt: null };

export function describeAccounts(name: string, open: () => Promise<Store>): void {
  describe(`accounts on ${name}`, () => {
    let store: Store;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(() => store.close());

    test('there is an administrator from the beginning, and a name is taken once', async () => {
      expect(await listUsers(store.database)).toMatchObject([{ name: 'admin', admin: true }]);
      expect(await addUser(store.database, ann)).toBe(true);
      expect(await addUser(store.database, { ...ann, admin: true })).toBe(false);
      expect(await findUser(store.database, 'ann')).toEqual(ann);
      expect(await findUser(store.database, 'bob')).toBeNull();
    });

    test('a token is found by its hash, with its user', async () => {
      await addUser(store.database, ann);
      expect(await addToken(store.database, { ...laptop, hash: 'aa' })).toBe(true);
      expect(await addToken(store.database, { ...laptop, hash: 'bb' })).toBe(false);
      expect(await findTokenByHash(store.database, 'aa')).toEqual({ token: laptop, user: ann });
      expect(await findTokenByHash(store.database, 'bb')).toBeNull();
      await replaceToken(store.database, { ...laptop, hash: 'bb', expiresAt: at });
      expect(await findTokenByHash(store.database, 'aa')).toBeNull();
      expect(await listTokens(store.database, 'ann')).toEqual([{ ...laptop, expiresAt: at }]);
    });

    test('tokens of two users may have the same name; removing takes one', async () => {
      for (const user of ['ann', 'bob']) {
        await addUser(store.database, { ...ann, id: `id of ${user}`, name: user });
        await addToken(store.database, { ...laptop, user, hash: user });
      }
      expect(await removeToken(store.database, 'ann', 'laptop')).toEqual(laptop);
      expect(await removeToken(store.database, 'ann', 'laptop')).toBeNull();
      expect(await findTokenByHash(store.database, 'ann')).toBeNull();
      expect(await findTokenByHash(store.database, 'bob')).not.toBeNull();
    });

    test('playgrounds and their operations are listed by owner', async () => {
      const { database } = store;
      for (const [number, owner] of [
        [1, 'ann'],
        [2, 'bob'],
      ] as const) {
        await addPlayground(database, { ...newPlayground(number), owner });
        await addOperation(database, newOperation(number));
      }
      const bake = { kind: 'source', id: 'debian-12', name: 'debian-12' } as const;
      await addOperation(database, { ...newOperation(3), kind: 'source.bake', subject: bake });
      const numbers = async (owner?: string) =>
        (await listPlaygrounds(database, { all: true, owner })).map(({ number }) => number);
      expect([await numbers(), await numbers('ann'), await numbers('')]).toEqual([[2, 1], [1], []]);
      const ids = async (owner?: string) =>
        (await listOperations(database, { limit: 9, owner })).map(({ id }) => id);
      expect(await ids('ann')).toEqual([newOperation(1).id]);
      expect(await ids()).toHaveLength(3);
      expect(await ids('')).toEqual([]);
    });

    test('an id is nobody else’s; a playground has that of who is called as its owner is', async () => {
      const { database } = store;
      await addUser(database, ann);
      await expect(addUser(database, { ...ann, name: 'bob' })).rejects.toThrow(/unique/i);
      await addToken(database, { ...laptop, hash: 'aa' });
      expect((await findTokenByHash(database, 'aa'))?.user.id).toBe(ann.id);
      for (const [number, owner] of [
        [1, 'ann'],
        [2, 'admin'],
        [3, 'nobody'],
      ] as const)
        await addPlayground(database, { ...newPlayground(number), owner });
      const ids = async () => (await listPlaygrounds(database, { all: true })).map(({ ownerId }) => ownerId);
      expect(await ids()).toEqual([null, 'admin', ann.id]);
      await removeUser(database, 'ann', 'admin');
      await addUser(database, { ...ann, id: 'b'.repeat(24) });
      expect(await ids()).toEqual([null, 'admin', 'admin']);
      expect((await findPlayground(database, '1'))?.ownerId).toBe('admin');
      expect(await listPlaygrounds(database, { all: false, owner: 'ann' })).toEqual([]);
    });

    test('what a removed user owned is the heir’s, and the tokens are gone', async () => {
      const { database } = store;
      await addUser(database, ann);
      await addToken(database, { ...laptop, hash: 'aa' });
      await addPlayground(database, { ...newPlayground(1), owner: 'ann' });
      await removeUser(database, 'ann', 'admin');
      expect(await findUser(database, 'ann')).toBeNull();
      expect(await findTokenByHash(database, 'aa')).toBeNull();
      expect(await findPlayground(database, '1')).toMatchObject({ owner: 'admin' });
    });
  });
}
