import { readdir, readFile, writeFile } from 'node:fs/promises';
import { SecretBox } from '@playhouse/contract/secret-box';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../system/testing/temporary-directory.ts';
import { type AcceptedOperation, OperationStore } from './operation-store.ts';

const box = new SecretBox(new Uint8Array(32).fill(7));

function bake(digit: string, sequence: number): AcceptedOperation {
  const operationId = digit.repeat(24);
  return {
    sequence,
    command: { kind: 'source.bake', operationId, source: 'debian-12' },
    cancelled: false,
    report: null,
  };
}

test('gives back what was saved, in the order it was accepted', async () => {
  const directory = `${await temporaryDirectory()}/operations`;
  const store = new OperationStore(directory, box);
  expect(await store.load()).toEqual([]);
  const operations = [bake('a', 3), bake('b', 1), bake('c', 2)];
  for (const operation of operations) await store.save(operation);
  const loaded = await new OperationStore(directory, box).load();
  expect(loaded.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  expect(loaded).toEqual(operations.toSorted((one, other) => one.sequence - other.sequence));
});

test('what a command has can be read by nobody who lacks the key', async () => {
  const directory = `${await temporaryDirectory()}/operations`;
  const store = new OperationStore(directory, box);
  await store.load();
  await store.save(bake('a', 1));
  const [name = ''] = await readdir(directory);
  expect(await readFile(`${directory}/${name}`, 'utf8')).not.toContain('debian-12');
  const other = new OperationStore(directory, new SecretBox(new Uint8Array(32)));
  await expect(other.load()).rejects.toThrow('unable to authenticate');
});

test('a removed operation is gone; removing it again is harmless', async () => {
  const store = new OperationStore(await temporaryDirectory(), box);
  await store.save(bake('a', 1));
  await store.remove('a'.repeat(24));
  await store.remove('a'.repeat(24));
  expect(await store.load()).toEqual([]);
});

test('a crash while saving leaves nothing that is taken for an operation', async () => {
  const directory = await temporaryDirectory();
  await writeFile(`${directory}/${'a'.repeat(24)}.json.new`, '{"sequence":1,"comm');
  expect(await new OperationStore(directory, box).load()).toEqual([]);
});

test('changes that come at the same moment are made one after the other: the last one stays', async () => {
  const directory = await temporaryDirectory();
  const store = new OperationStore(directory, box);
  const saves = Array.from({ length: 20 }, async (_, sequence) => await store.save(bake('a', sequence)));
  await Promise.all(saves);
  expect(await store.load()).toEqual([bake('a', 19)]);
  const late = store.save({ ...bake('a', 20), cancelled: true });
  await store.remove('a'.repeat(24));
  await late;
  expect(await readdir(directory)).toEqual([]);
});
