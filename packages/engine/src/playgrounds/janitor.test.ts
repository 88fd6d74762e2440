import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { enginePaths } from '../system/engine-paths.ts';
import { sampleId, samplePlayground } from '../testing/sample-playground.ts';
import { temporaryDirectory } from '../system/testing/temporary-directory.ts';
import { sweep } from './janitor.ts';
import { PlaygroundRecords } from './playground-record.ts';
import type { PlayroomTools } from './playroom-tools.ts';

test('removes what belongs to no playground, and nothing else', async () => {
  const stray = 'a'.repeat(24);
  const paths = enginePaths({ stateDirectory: await temporaryDirectory() });
  const records = new PlaygroundRecords(paths);
  await records.load();
  await records.save(samplePlayground());
  await mkdir(paths.run);
  await mkdir(paths.playground(stray));
  for (const name of [`${stray}-0.qmp`, `${sampleId}-0.qmp`, 'engine.lock'])
    await writeFile(`${paths.run}/${name}`, '');
  const removed: string[] = [];
  const tools = {
    paths,
    records,
    settings: { devices: 'ph1a2b-', edgeRange: '100.64.0.0/10' },
    networks: {
      list: async () => ({
        netns: ['ph1a2b-42', 'ph1a2b-7'],
        links: ['ph1a2b-7', 'ph1a2b-8'],
        resolvers: ['ph1a2b-42', 'ph1a2b-9'],
      }),
      unwire: async (name: string) => removed.push(name),
    },
    cgroups: { list: async () => [sampleId, stray], remove: async (group: string) => removed.push(group) },
  } as unknown as PlayroomTools;
  expect(await sweep(tools)).toHaveLength(6);
  expect(removed).toEqual(['ph1a2b-7', 'ph1a2b-8', 'ph1a2b-9', stray]);
  expect(await readdir(paths.playgrounds)).toEqual([sampleId]);
  expect((await readdir(paths.run)).toSorted()).toEqual([`${sampleId}-0.qmp`, 'engine.lock']);
});
