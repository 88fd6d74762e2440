import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { enginePaths } from '../system/engine-paths.ts';
import { sampleId, samplePlayground } from '../testing/sample-playground.ts';
import { temporaryDirectory } from '../system/testing/temporary-directory.ts';
import { noDrive, PlaygroundRecords } from './playground-record.ts';

async function open() {
  const paths = enginePaths({ stateDirectory: await temporaryDirectory() });
  const records = new PlaygroundRecords(paths);
  await records.load();
  const reload = async () => {
    const fresh = new PlaygroundRecords(paths);
    await fresh.load();
    return fresh;
  };
  return { paths, records, reload };
}

test('what was saved is there after a restart', async () => {
  const { records, reload } = await open();
  await records.save(samplePlayground());
  await records.saveMachine(sampleId, 'db', { state: 'running', boots: 4 });
  const record = (await reload()).get(sampleId);
  expect(record).toEqual(records.get(sampleId));
  expect(record?.machines.map(({ state, boots }) => [state, boots])).toEqual([
    ['pending', 3],
    ['running', 4],
  ]);
});

test('changes of machines at the same time are all kept, and the file is whole', async () => {
  const { records, reload } = await open();
  await records.save(samplePlayground());
  await Promise.all(
    Array.from({ length: 30 }, async (_, boots) => {
      await records.saveMachine(sampleId, boots % 2 === 0 ? 'web' : 'db', {
        boots,
        hostKey: 'k'.repeat(boots * 100),
      });
    }),
  );
  const record = (await reload()).get(sampleId);
  expect(record?.machines.map(({ boots }) => boots)).toEqual([28, 29]);
});

test('folders without a record, and what is no folder of a playground, are left out', async () => {
  const { paths, records, reload } = await open();
  await mkdir(paths.playground('f'.repeat(24)));
  await writeFile(`${paths.playgrounds}/notes.txt`, '');
  await records.save(samplePlayground());
  expect((await reload()).all().map(({ order }) => order.id)).toEqual([sampleId]);
});

test('removing takes the whole folder, and is silent when there is none', async () => {
  const { paths, records, reload } = await open();
  await records.save(samplePlayground());
  await mkdir(`${paths.machine(sampleId, 'web')}/deep`, { recursive: true });
  await records.remove(sampleId);
  await records.remove(sampleId);
  expect(await readdir(paths.playgrounds)).toEqual([]);
  expect(records.all()).toEqual([]);
  expect((await reload()).all()).toEqual([]);
});

test('a machine’s last words do not bring a removed playground back', async () => {
  const { paths, records } = await open();
  await records.save(samplePlayground());
  const removal = records.remove(sampleId);
  const words = Array.from({ length: 20 }, async (_, boots) => {
    await new Promise((resolve) => setTimeout(resolve, boots / 4));
    await records.saveMachine(sampleId, 'web', { boots });
  });
  await Promise.all([removal, ...words]);
  expect(records.get(sampleId)).toBeUndefined();
  expect(await readdir(paths.playgrounds)).toEqual([]);
});

test('changing a machine of a playground that is not there changes nothing', async () => {
  const { paths, records } = await open();
  expect(await records.saveMachine(sampleId, 'web', { boots: 1 })).toBeUndefined();
  expect(await readdir(paths.playgrounds)).toEqual([]);
});

test('a record of an engine that knew root drives only is read', async () => {
  const { paths, records, reload } = await open();
  await records.save(samplePlayground());
  const text = await readFile(paths.playgroundRecord(sampleId), 'utf8');
  const old = JSON.parse(text) as { machines: Record<string, unknown>[] };
  const machines = old.machines.map(({ drives: _, ...rest }) => ({ ...rest, layer: '/s/old.qcow2' }));
  await writeFile(paths.playgroundRecord(sampleId), JSON.stringify({ ...old, machines }));
  const fresh = await reload();
  expect([...fresh.sick]).toEqual([]);
  expect(fresh.get(sampleId)?.machines.map(({ drives }) => drives)).toEqual([
    [{ ...noDrive, layer: '/s/old.qcow2' }],
    [{ ...noDrive, layer: '/s/old.qcow2' }],
  ]);
});

test('one record that cannot be read neither hides the others nor goes unnoticed', async () => {
  const { paths, records, reload } = await open();
  await records.save(samplePlayground());
  const sickId = 'b'.repeat(24);
  await mkdir(paths.playground(sickId));
  await writeFile(paths.playgroundRecord(sickId), '{"order":');
  const fresh = await reload();
  expect(fresh.all()).toHaveLength(1);
  expect([...fresh.sick.keys()]).toEqual([sickId]);
});
