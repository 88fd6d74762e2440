import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { LayerStore } from '../../layers/layer-store.ts';
import { NewLayers } from '../../snapshots/new-layers.ts';
import { SnapshotStore } from '../../snapshots/snapshot-store.ts';
import { temporaryDirectory } from '../../system/testing/temporary-directory.ts';
import { sampleSnapshot } from '../../testing/sample-snapshot.ts';
import type { Docker } from '../docker/docker.ts';
import type { ServicesContext } from '../services-context.ts';
import { type ServicesRecord, ServicesRecords } from '../services-record.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import { layersOfVolumes, volumeSources } from './volume-sources.ts';

const at = 'a'.repeat(24);
const voice = { signal: new AbortController().signal, detail: () => {} };

/** A playground at a snapshot with two volumes, of which Docker has what is given. */
async function open(volumes: readonly object[], more: Partial<ServicesRecord> = {}) {
  const root = await temporaryDirectory();
  const [layers, snapshots] = [new LayerStore(`${root}/layers`), new SnapshotStore(`${root}/snapshots`)];
  const records = new ServicesRecords(`${root}/services`);
  for (const store of [layers, snapshots, records]) await store.load();
  const record = sampleRecord({ snapshotId: at, ...more });
  await records.save(record);
  const { order, parts, secrets } = record;
  const kept = ['data', 'mail'].map((name) => ({ name, layer: `${name}-layer` }));
  for (const { layer } of kept) {
    await writeFile(`${root}/file`, 'archive');
    await layers.adopt(`${root}/file`, layer, 'volume');
  }
  const services = { order, parts, secrets, volumes: kept, checkouts: null };
  await snapshots.save(sampleSnapshot(at, { machines: [], services }));
  for (const name of ['data', 'mail']) await mkdir(`${root}/${name}`);
  const context = {
    ...{ tools: { layers, snapshots, records }, id: order.id, rollout: false },
  } as unknown as ServicesContext;
  const docker = {
    api: { ask: async () => ({ Volumes: volumes.map((volume) => ({ ...base(root), ...volume })) }) },
  };
  const said: string[] = [];
  const sources = async () =>
    await volumeSources(context, docker as unknown as Docker, { log: (line) => said.push(line) });
  return { root, layers, context, sources, said };
}

const base = (root: string) => ({
  Driver: 'local',
  Options: null,
  Mountpoint: `${root}/data`,
  ...named('data'),
});
const named = (key: string) => ({ Name: `pg_${key}`, Labels: { 'com.docker.compose.volume': key } });

test('what is in a volume is to be had from Docker, and from the snapshot when Docker does not have it', async () => {
  const { root, sources } = await open([{}]);
  expect(await sources()).toEqual([
    { name: 'data', folder: `${root}/data`, layer: 'data-layer' },
    { name: 'mail', folder: null, layer: 'mail-layer' },
  ]);
});

test('a volume that never got what was to be in it does not count', async () => {
  const { sources } = await open([{}], { filling: ['data'] });
  expect(await sources()).toContainEqual({ name: 'data', folder: null, layer: 'data-layer' });
});

test('what is not on this disk is left out, and said; what should be there and is not is an error', async () => {
  const { sources, said } = await open([{ Options: { type: 'nfs' }, ...named('share') }]);
  expect((await sources()).map(({ name }) => name)).toEqual(['data', 'mail']);
  expect(said).toEqual([expect.stringContaining('share')]);
  const elsewhere = await open([{ Mountpoint: '/none/_data' }]);
  await expect(elsewhere.sources()).rejects.toMatchObject({ code: 'volume-unreachable' });
});

test('volumes that are nowhere but in a layer are that layer; the others are archived, or copied for forks', async () => {
  const { root, layers, context, sources } = await open([{}]);
  await writeFile(`${root}/data/file`, 'x');
  for (const [manner, kind] of [
    ['archive', 'volume'],
    ['copy', 'folder'],
  ] as const) {
    const made = await NewLayers.begin(layers, manner);
    const volumes = await layersOfVolumes(context, await sources(), { made, manner, atRest: false }, voice);
    await made.adopt(async () => {
      expect(volumes[1]).toEqual({ name: 'mail', layer: 'mail-layer' });
      expect(layers.get(volumes[0]?.layer ?? '').kind).toBe(kind);
    });
  }
  expect((await readdir(layers.directory)).filter((name) => name.startsWith('.'))).toEqual([]);
  const made = await NewLayers.begin(layers, 'rest');
  const rested = { made, manner: 'archive', atRest: true } as const;
  expect(await layersOfVolumes(context, await sources(), rested, voice)).toEqual([
    { name: 'data', layer: 'data-layer' },
    { name: 'mail', layer: 'mail-layer' },
  ]);
});
