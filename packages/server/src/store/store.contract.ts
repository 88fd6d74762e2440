// What every store must do, whatever database is below it. Each implementation runs this suite.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addCommand, findCommand, markCommandAccepted, waitingCommands } from './commands.ts';
import { nextCount } from './counters.ts';
import { appendNotes, noteLimit, readNotes } from './playground-notes.ts';
import { appendLog, logLineLimit, readLog } from './operation-logs.ts';
import {
  activeOperations,
  addOperation,
  findOperation,
  listOperations,
  saveOperation,
} from './operations.ts';
import {
  addPlayground,
  findPlayground,
  handOver,
  listPlaygrounds,
  readOccupancy,
  savePlayground,
  toPublicPlayground,
} from './playgrounds.ts';
import { newOperation, newPlayground } from './store-fixtures.ts';
import type { Store } from './store.ts';

const at = '2026-01-01T00:00:00.000Z';

/** `open` opens the same, at first empty, store each time within a test. */
export function describeStore(name: string, open: () => Promise<Store>): void {
  describe(`store on ${name}`, () => {
    let store: Store;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(() => store.close());

    test('a failed transaction leaves nothing, not even a number', async () => {
      const failing = store.transaction(async (transaction) => {
        await nextCount(transaction, 'playground');
        await addPlayground(transaction, newPlayground(1));
        throw new Error('no');
      });
      await expect(failing).rejects.toThrow('no');
      expect(await listPlaygrounds(store.database, { all: true })).toEqual([]);
      expect(await nextCount(store.database, 'playground')).toBe(1);
    });

    test('transactions that run at the same time do not mix and never get the same number', async () => {
      const take = () =>
        store.transaction(async (transaction) => {
          const number = await nextCount(transaction, 'playground');
          await new Promise((resolve) => setTimeout(resolve, 1));
          await addPlayground(transaction, newPlayground(number));
          return number;
        });
      const numbers = await Promise.all(Array.from({ length: 10 }, take));
      expect(new Set(numbers).size).toBe(10);
    });

    test('what was written is there after it is opened again', async () => {
      await addPlayground(store.database, newPlayground(1));
      await store.close();
      store = await open();
      expect(await findPlayground(store.database, '1')).toEqual(newPlayground(1));
    });

    test('a playground is found by id, number and name, and by nothing else', async () => {
      const { database } = store;
      const playground = newPlayground(7);
      await addPlayground(database, playground);
      for (const reference of [playground.id, '7', playground.name]) {
        expect(await findPlayground(database, reference)).toEqual(playground);
      }
      for (const reference of ['8', 'pg-7', 'pg-7-other', '7-lab', 'lab', '', '%', "' or 1=1 --"]) {
        expect(await findPlayground(database, reference)).toBeNull();
      }
    });

    test('only playgrounds that hold resources are counted', async () => {
      const { database } = store;
      for (const number of [1, 2, 3]) await addPlayground(database, newPlayground(number));
      await savePlayground(database, { ...newPlayground(3), status: 'destroyed' });
      expect(await readOccupancy(database)).toEqual({
        playgrounds: 2,
        ramBytes: 2 * newPlayground(1).ramBytes,
      });
      expect((await readOccupancy(database, newPlayground(1).id)).playgrounds).toBe(1);
      expect((await listPlaygrounds(database, { all: false })).map(({ number }) => number)).toEqual([2, 1]);
      expect(await listPlaygrounds(database, { all: true })).toHaveLength(3);
    });

    test('what a playground begins with, leaves and descends from is kept', async () => {
      const { database } = store;
      const cut = 'c'.repeat(24);
      const fork = {
        ...newPlayground(1),
        from: { snapshotId: cut, memory: 'need' },
        forkedFrom: { playgroundId: 'd'.repeat(24), playgroundName: 'pg-9-lab', snapshotId: cut },
      } as const;
      await addPlayground(database, fork);
      expect(await findPlayground(database, '1')).toEqual(fork);
      const suspended = { ...fork, status: 'stopped', suspended: true, snapshotId: 'e'.repeat(24) } as const;
      await savePlayground(database, suspended);
      expect(await findPlayground(database, '1')).toEqual(suspended);
      expect(toPublicPlayground(suspended).suspended).toBe(true);
      expect(toPublicPlayground({ ...suspended, status: 'in_progress' }).suspended).toBe(false);
    });

    test('hidden playgrounds are counted, and listed only to who wants them', async () => {
      const { database } = store;
      await addPlayground(database, newPlayground(1));
      await addPlayground(database, { ...newPlayground(2), hidden: true });
      expect((await readOccupancy(database)).playgrounds).toBe(2);
      const listed = async (hidden: boolean) =>
        (await listPlaygrounds(database, { all: false, hidden })).map(({ number }) => number);
      expect([await listed(true), await listed(false)]).toEqual([[2, 1], [1]]);
    });

    test('what is spare counts only to who asks for it, and becomes somebody’s with all that is theirs', async () => {
      const { database } = store;
      await addPlayground(database, newPlayground(1));
      const spare = { ...newPlayground(2), hidden: true, spare: true };
      await addPlayground(database, spare);
      const counted = async (spares?: 'staying' | 'all') =>
        (await readOccupancy(database, null, spares)).playgrounds;
      expect([await counted(), await counted('staying'), await counted('all')]).toEqual([1, 2, 2]);
      await savePlayground(database, { ...spare, status: 'destroying' });
      expect([await counted(), await counted('staying'), await counted('all')]).toEqual([1, 1, 2]);
      const theirs = {
        ...spare,
        ...{
          hidden: false,
          spare: false,
          owner: 'bob',
          ownerId: null,
          title: 'Bob’s lab',
          slug: 'bobs',
          name: 'pg-2-bobs',
        },
        ...{
          authorizedKeys: ['ssh-ed25519 AAAA bob'],
          conditions: { size: 'big' },
          status: 'pending' as const,
        },
        createdAt: '2027-01-01T00:00:00.000Z',
        from: { snapshotId: 'c'.repeat(24), memory: 'prefer' as const },
      };
      await handOver(database, theirs);
      expect(await findPlayground(database, 'pg-2-bobs')).toEqual(theirs);
      expect(await counted()).toBe(2);
    });

    test('operations are listed newest first and filtered by playground', async () => {
      const { database } = store;
      for (const number of [1, 2, 3]) await addOperation(database, newOperation(number));
      const found = await listOperations(database, { limit: 2 });
      expect(found.map(({ id }) => id)).toEqual([newOperation(3).id, newOperation(2).id]);
      const { id } = newPlayground(2);
      expect(await listOperations(database, { limit: 5, playgroundId: id })).toEqual([newOperation(2)]);
    });

    test('an ended operation is not active', async () => {
      const { database } = store;
      const operation = newOperation(1);
      await addOperation(database, operation);
      expect(await activeOperations(database, operation.subject)).toHaveLength(1);
      const ended = { ...operation, status: 'failed', endedAt: at, revision: 4 } as const;
      await saveOperation(database, ended);
      expect(await activeOperations(database, operation.subject)).toEqual([]);
      expect(await findOperation(database, operation.id)).toEqual(ended);
    });

    test('commands wait in their order until they are accepted', async () => {
      const { database } = store;
      const commands = ['a', 'b', 'c'].map(
        (letter) => ({ kind: 'operation.cancel', operationId: letter.repeat(24) }) as const,
      );
      for (const command of commands)
        await store.transaction((transaction) => addCommand(transaction, command, at));
      const waiting = await waitingCommands(database, 0);
      expect(waiting.map(({ command }) => command)).toEqual(commands);
      const [first, second] = waiting.map(({ sequence }) => sequence);
      await markCommandAccepted(database, first ?? 0, at);
      await markCommandAccepted(database, first ?? 0, at);
      expect((await waitingCommands(database, 0)).map(({ sequence }) => sequence)[0]).toBe(second);
      expect(await waitingCommands(database, second ?? 0)).toHaveLength(1);
    });

    test('the command that an operation was accepted with is found, not what was sent about it later', async () => {
      const { database } = store;
      const operationId = 'a'.repeat(24);
      const remove = { kind: 'snapshot.remove', operationId, snapshotId: 'b'.repeat(24) } as const;
      await addCommand(database, remove, at);
      await addCommand(database, { kind: 'operation.cancel', operationId }, at);
      expect(await findCommand(database, operationId)).toEqual(remove);
      expect(await findCommand(database, 'c'.repeat(24))).toBeNull();
    });

    test('notes of a playground keep their newest lines, and are read until an instant', async () => {
      const { database } = store;
      const id = 'a'.repeat(24);
      const later = '2026-01-02T00:00:00.000Z';
      await appendNotes(database, id, ['first', 'second'], at);
      await appendNotes(database, id, [], at);
      await appendNotes(database, 'b'.repeat(24), ['another’s'], at);
      await appendNotes(database, id, ['third'], later);
      expect(await readNotes(database, id, 1)).toEqual([
        { number: 2, at, text: 'second' },
        { number: 3, at: later, text: 'third' },
      ]);
      expect((await readNotes(database, id, 0, later)).map(({ text }) => text)).toEqual(['first', 'second']);
      await appendNotes(database, id, Array<string>(noteLimit).fill('x'), later);
      const kept = await readNotes(database, id, 0);
      expect([kept.length, kept[0]?.number]).toEqual([noteLimit, 4]);
    });

    test('a log keeps its newest lines with their numbers', async () => {
      const { database } = store;
      const { id } = newOperation(1);
      await addOperation(database, newOperation(1));
      const lines = Array.from({ length: logLineLimit + 10 }, (_, index) => `line ${index + 1}`);
      await appendLog(database, id, lines.slice(0, 20), at);
      await appendLog(database, id, lines.slice(20), at);
      const kept = await readLog(database, id, 0);
      expect(kept).toHaveLength(logLineLimit);
      expect(kept[0]).toEqual({ number: 11, at, text: 'line 11' });
      expect(await readLog(database, id, logLineLimit + 9)).toHaveLength(1);
      expect(await appendLog(database, 'f'.repeat(24), ['x'], at)).toBe(false);
    });
  });
}
