import { readdir, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { readRecords } from './read-records.ts';
import { temporaryDirectory } from './testing/temporary-directory.ts';

const schema = z.object({ id: z.string(), size: z.int() });

test('what cannot be read is named with the reason, and hinders nothing else', async () => {
  const directory = await temporaryDirectory();
  const files = {
    'good.json': '{"id":"good","size":1}',
    'torn.json': '{"id":"torn","si',
    'empty.json': '',
    'wrong.json': '{"id":"wrong","size":"much"}',
    'other.json': '{"id":"another","size":1}',
    'good.qcow2': 'no record',
  };
  for (const [name, text] of Object.entries(files)) await writeFile(`${directory}/${name}`, text);
  const { records, sick } = await readRecords(directory, schema);
  expect([...records]).toEqual([['good', { id: 'good', size: 1 }]]);
  expect([...sick.keys()].toSorted()).toEqual(['empty', 'other', 'torn', 'wrong']);
  expect(sick.get('other')).toContain('another');
});

test('half a write, whose record may be gone, is removed', async () => {
  const directory = await temporaryDirectory();
  for (const name of ['good.json', 'gone.json.new', 'good.json.new'])
    await writeFile(`${directory}/${name}`, '{"id":"good","size":1}');
  const { records } = await readRecords(directory, schema);
  expect([...records.keys()]).toEqual(['good']);
  expect(await readdir(directory)).toEqual(['good.json']);
});
