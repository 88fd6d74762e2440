import { readdir, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../../system/testing/temporary-directory.ts';
import { ComparisonStore } from './comparison-store.ts';

const id = (number: number) => number.toString(16).padStart(24, '0');
const comparison = { from: 'a', to: 'b', machines: [] };

test('what was found is kept for whoever asked; the oldest make room', async () => {
  const directory = `${await temporaryDirectory()}/comparisons`;
  const store = new ComparisonStore(directory);
  for (let number = 0; number < 25; number += 1) await store.save(id(number), comparison);
  expect(await readdir(directory)).toHaveLength(20);
  expect(await store.get(id(24))).toEqual(comparison);
});

test('what is not there, or is no comparison, is unknown', async () => {
  const directory = await temporaryDirectory();
  await writeFile(`${directory}/${id(1)}.json`, '{"from":');
  for (const number of [0, 1])
    await expect(new ComparisonStore(directory).get(id(number))).rejects.toMatchObject({
      code: 'comparison-unknown',
    });
});
