import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { LayerStore } from '../../layers/layer-store.ts';
import { temporaryDirectory } from '../../system/testing/temporary-directory.ts';
import { samplePlayground } from '../../testing/sample-playground.ts';
import { noDrive } from '../playground-record.ts';
import type { PlayroomTools } from '../playroom-tools.ts';
import { evictLayers } from './evict-layers.ts';

const blockBytes = 64 * 1024;

/** A playground that is `state` on layer `old`; `new` and `only-here` are needed by snapshots alone. */
async function open(state: 'running' | 'stopped') {
  const directory = `${await temporaryDirectory()}/layers`;
  const layers = new LayerStore(directory);
  await layers.load();
  for (const id of ['old', 'new', 'only-here']) {
    await writeFile(`${directory}/file`, Buffer.alloc(blockBytes, 1));
    await layers.adopt(`${directory}/file`, id, 'disk');
    if (id !== 'only-here') await layers.markOffloaded(id);
  }
  const sample = samplePlayground();
  const [web] = sample.machines;
  const machines = web ? [{ ...web, drives: [{ ...noDrive, layers: ['old'] }] }] : [];
  const records = { all: () => [{ ...sample, state, machines }], sick: new Map() };
  return { tools: { records, layers } as unknown as PlayroomTools, layers };
}

test('what the vault has goes, oldest first, until the rest fits', async () => {
  const { tools, layers } = await open('stopped');
  expect(await evictLayers(tools, 2 * blockBytes)).toEqual(['old']);
  expect(await layers.bytes({ id: 'old', kind: 'disk' })).toBeNull();
  expect(await evictLayers(tools, 2 * blockBytes)).toEqual([]);
});

test('what a running playground needs stays, and what is nowhere else', async () => {
  const { tools } = await open('running');
  expect(await evictLayers(tools, 1)).toEqual(['new']);
});

test('without a budget nothing goes', async () => {
  expect(await evictLayers((await open('stopped')).tools, 0)).toEqual([]);
});
