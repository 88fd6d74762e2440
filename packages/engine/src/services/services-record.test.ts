import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../system/testing/temporary-directory.ts';
import { ServicesRecords, servicesFiles } from './services-record.ts';
import { sampleRecord } from './testing/sample-record.ts';

const other = 'b'.repeat(24);

test('one record that cannot be read hinders no other, is told, and can be removed', async () => {
  const root = await temporaryDirectory();
  const kept = new ServicesRecords(root);
  await kept.load();
  const record = sampleRecord();
  await kept.save(record);
  await mkdir(servicesFiles(root, other).folder);
  await writeFile(servicesFiles(root, other).record, '{"order":');
  const records = new ServicesRecords(root);
  await records.load();
  expect(records.all()).toEqual([record]);
  expect([...records.sick.keys()]).toEqual([other]);
  await records.remove(other);
  expect(records.sick.size).toBe(0);
  expect(await readdir(root)).toEqual([record.order.id]);
});

test('a folder that got no record is removed', async () => {
  const root = await temporaryDirectory();
  await mkdir(servicesFiles(root, other).folder);
  await new ServicesRecords(root).load();
  expect(await readdir(root)).toEqual([]);
});

test('what an image was built from when the engine died is removed', async () => {
  const root = await temporaryDirectory();
  const kept = new ServicesRecords(root);
  const record = sampleRecord();
  await kept.save(record);
  const { building, checkout } = kept.files(record.order.id);
  await mkdir(`${building}/files`, { recursive: true });
  await mkdir(checkout('web'), { recursive: true });
  await new ServicesRecords(root).load();
  expect((await readdir(kept.files(record.order.id).folder)).toSorted()).toEqual([
    'checkouts',
    'services.json',
  ]);
});

test('what was somebody’s is nobody’s until it is said whose it is', async () => {
  const records = new ServicesRecords(await temporaryDirectory());
  const { order } = sampleRecord();
  await records.save(sampleRecord());
  await records.save(sampleRecord({ order: { ...order, id: other, owner: 'bob' } }));
  await records.disown('ann');
  expect(records.all().map((record) => record.order.owner)).toEqual(['', 'bob']);
});

test('nobody’s record comes back, or loses what was written meanwhile, because somebody is gone; nor does a rollout give it back', async () => {
  const root = await temporaryDirectory();
  const records = new ServicesRecords(root);
  const { order, secrets } = sampleRecord();
  const [first, removed, changed] = ['a', 'b', 'c'].map((digit) => digit.repeat(24)) as [
    string,
    string,
    string,
  ];
  for (const id of [first, removed, changed])
    await records.save(sampleRecord({ order: { ...order, id }, next: null }));
  const disowning = records.disown('ann');
  const removing = records.remove(removed);
  const version = { order: { ...order, id: changed }, parts: {}, secrets };
  await records.change(changed, { state: 'stopping', next: { version, former: {} } });
  await Promise.all([disowning, removing]);
  expect((await readdir(root)).toSorted()).toEqual([first, changed]);
  expect(records.find(removed)).toBeNull();
  expect(records.find(changed)).toMatchObject({
    ...{ state: 'stopping', order: { owner: '' } },
    next: { version: { order: { owner: '' } } },
  });
});
