import { readdir, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../system/testing/temporary-directory.ts';
import { type AcceptedOperation, OperationStore } from './operation-store.ts';

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
  const store = new OperationStore(directory);
  expect(await store.load()).toEqual([]);
  const operations = [bake('a', 3), bake('b', 1), bake('c', 2)];
  for (const operation of operations) await store.save(operation);
  const loaded = await new OperationStore(directory).load();
  expect(loaded.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  expect(loaded).toEqual(operations.toSorted((one, other) => one.sequence - other.sequence));
});

test('a removed operation is gone; removing it again is harmless', async () => {
  const store = new OperationStore(await temporaryDirectory());
  await store.save(bake('a', 1));
  await store.remove('a'.repeat(24));
  await store.remove('a'.repeat(24));
  expect(await store.load()).toEqual([]);
});

test('a crash while saving leaves nothing that is taken for an operation', async () => {
  const directory = await temporaryDirectory();
  await writeFile(`${directory}/${'a'.repeat(24)}.json.new`, '{"sequence":1,"comm');
  expect(await new OperationStore(directory).load()).toEqual([]);
});

test('changes that come at the same moment are made one after the other: the last one stays', async () => {
  const directory = await temporaryDirectory();
  const store = new OperationStore(directory);
  const saves = Array.from({ length: 20 }, async (_, sequence) => await store.save(bake('a', sequence)));
  await Promise.all(saves);
  expect(await store.load()).toEqual([bake('a', 19)]);
  const late = store.save({ ...bake('a', 20), cancelled: true });
  await store.remove('a'.repeat(24));
  await late;
  expect(await readdir(directory)).toEqual([]);
});
