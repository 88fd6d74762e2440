import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { LayerStore } from '../../layers/layer-store.ts';
import { SnapshotStore } from '../../snapshots/snapshot-store.ts';
import { enginePaths } from '../../system/engine-paths.ts';
import { temporaryDirectory } from '../../system/testing/temporary-directory.ts';
import { PlaygroundRecords } from '../playground-record.ts';
import type { PlayroomTools } from '../playroom-tools.ts';
import { collectLayers } from './collect-layers.ts';

/** A playroom with one layer that nothing needs, and what stands in the file of a snapshot, if any. */
async function playroomWith(snapshot: string | null) {
  const paths = enginePaths({ stateDirectory: await temporaryDirectory() });
  const records = new PlaygroundRecords(paths);
  const [layers, snapshots] = [new LayerStore(paths.layers), new SnapshotStore(paths.snapshots)];
  await records.load();
  await layers.load();
  await snapshots.load();
  await writeFile(`${paths.layers}/file`, 'x');
  await layers.adopt(`${paths.layers}/file`, 'needless', 'disk');
  if (snapshot !== null) {
    await writeFile(`${paths.snapshots}/${'a'.repeat(24)}.json`, snapshot);
    await snapshots.load();
  }
  const nothing = async () => {};
  const others = {
    sources: { collect: nothing },
    pulls: { collectBlobs: nothing, staging: [] },
    kernels: { removeStaging: nothing },
    kernelInstaller: { working: [] },
    vaultKeeper: { forget: nothing },
  };
  const services = { all: () => [], sick: new Map() };
  const tools = { ...others, services, paths, records, layers, snapshots } as unknown as PlayroomTools;
  return {
    collect: async () => await collectLayers(tools, { unfinished: new Set(), readSnapshots: new Set() }),
    layers,
  };
}

test('what nothing needs is collected', async () => {
  const { collect, layers } = await playroomWith(null);
  await collect();
  expect(existsSync(layers.path('needless'))).toBe(false);
});

test('while a snapshot cannot be read nobody knows what it needs, so nothing is', async () => {
  const { collect, layers } = await playroomWith('{"id":');
  await collect();
  expect(existsSync(layers.path('needless'))).toBe(true);
});
