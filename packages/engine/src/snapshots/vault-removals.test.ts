import { expect, test } from 'vitest';
import { temporaryDirectory } from '../system/testing/temporary-directory.ts';
import { VaultRemovals } from './vault-removals.ts';

test('what is to be removed is removed once the vault can be reached, records before files', async () => {
  const removals = new VaultRemovals(`${await temporaryDirectory()}/removals.json`);
  await removals.add(['snapshot-a'], ['layer-b']);
  const away = {
    removeRecord: async () => await Promise.reject(new Error('away')),
    remove: async () => {},
    collect: async () => ({}) as never,
  };
  const { signal } = new AbortController();
  await expect(removals.carryOut(away, signal)).rejects.toThrow('away');
  const log: string[] = [];
  const note = (what: string) => async (name?: unknown) =>
    void log.push(typeof name === 'string' ? `${what} ${name}` : what);
  const vault = { removeRecord: note('record'), remove: note('file'), collect: note('collect') as never };
  await removals.carryOut(vault, signal);
  expect(log).toEqual(['record snapshot-a', 'file layer-b', 'collect']);
  await removals.carryOut(vault, signal);
  expect(log).toHaveLength(3);
});

test('nothing is forgotten of what several add at once', async () => {
  const removals = new VaultRemovals(`${await temporaryDirectory()}/removals.json`);
  const names = ['a', 'b', 'c', 'd', 'e'];
  await Promise.all(names.map(async (name) => await removals.add([name], [])));
  const removed: string[] = [];
  const vault = {
    removeRecord: async (name: string) => await Promise.resolve(void removed.push(name)),
    remove: async () => {},
    collect: async () => ({}) as never,
  };
  await removals.carryOut(vault, new AbortController().signal);
  expect(removed).toEqual(names);
});
