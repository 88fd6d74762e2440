import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { LayerStore } from '../../layers/layer-store.ts';
import { quietVoice } from '../../operations/step.ts';
import { SnapshotStore } from '../../snapshots/snapshot-store.ts';
import { VaultKeeper } from '../../snapshots/vault-keeper.ts';
import { enginePaths } from '../../system/engine-paths.ts';
import { samplePlayground } from '../../testing/sample-playground.ts';
import { sampleSnapshot } from '../../testing/sample-snapshot.ts';
import { makeVault } from '../../vault/testing/vault-fixture.ts';
import { noDrive, PlaygroundRecords } from '../playground-record.ts';
import type { PlayroomTools } from '../playroom-tools.ts';
import { copyOrder } from './copy-order.ts';
import { restoreCopy } from './restore-copy.ts';

const [origin, copy] = ['a'.repeat(24), 'c'.repeat(24)];

/** A snapshot that the vault has, of a base, a layer and a memory image, and the record of a copy that is to be made of it. */
async function open() {
  const { vault, folder } = await makeVault();
  const paths = enginePaths({ stateDirectory: folder });
  const records = new PlaygroundRecords(paths);
  const [layers, snapshots] = [new LayerStore(paths.layers), new SnapshotStore(paths.snapshots)];
  await records.load();
  await layers.load();
  await snapshots.load();
  const base = `${paths.sources}/debian/layer.qcow2`;
  await mkdir(`${paths.sources}/debian`, { recursive: true });
  await writeFile(base, 'the base');
  for (const [id, kind] of [
    ['one', 'disk'],
    ['ram', 'memory'],
  ] as const) {
    await writeFile(`${folder}/file`, `what ${id} holds`);
    await layers.adopt(`${folder}/file`, id, kind);
  }
  const log = { info: () => {}, warn: () => {} };
  const vaultKeeper = new VaultKeeper({ vault, snapshots, layers, removals: paths.vaultRemovals, log });
  onTestFinished(async () => await vaultKeeper.close());
  const sample = sampleSnapshot(origin);
  const fit = { qemu: '', processor: '', kernel: '', shape: '' };
  const machines = sample.machines.map((machine, index) => ({
    ...machine,
    drives: machine.drives.map(() => ({ layer: base, sizeBytes: 7, layers: ['one'] })),
    memory: index === 0 ? { layer: 'ram', devices: '', fit } : null,
  }));
  await snapshots.save({ ...sample, machines });
  vaultKeeper.wake();
  await expect.poll(() => snapshots.get(origin).offloadedAt, { timeout: 5000 }).not.toBeNull();

  const order = copyOrder(sample.order, copy);
  await records.save({ ...samplePlayground(copy), order });
  const kernelInstaller = { ensure: async () => {} };
  const tools = {
    paths,
    records,
    layers,
    snapshots,
    vaultKeeper,
    kernelInstaller,
  } as unknown as PlayroomTools;
  const voice = quietVoice(() => {}, new AbortController().signal);
  const restore = async () => await restoreCopy(snapshots.get(origin)).run({ tools, id: copy }, voice);
  const content = async (id: string) => await readFile(layers.path(id), 'utf8');
  return { restore, records, layers, vault, folder, base, order, content };
}

test('a copy lies on what the vault gave back alone, and knows nobody', async () => {
  const { restore, records, layers, base, order, content } = await open();
  for (const file of [base, layers.path('one'), layers.path('ram', 'memory')])
    await rm(file, { force: true });
  await restore();
  const { machines = [], established } = records.get(copy) ?? {};
  expect(established).toBe(true);
  const [lower = '', upper = ''] = machines[0]?.drives[0]?.layers ?? [];
  expect(await content(lower)).toBe('the base');
  expect(await content(upper)).toBe('what one holds');
  const expected = { ...noDrive, sizeBytes: 7, layers: [lower, upper], overlay: null };
  expect(machines.flatMap(({ drives }) => drives)).toEqual(Array.from({ length: 4 }, () => expected));
  expect(order).toMatchObject({
    number: 0,
    authorizedKeys: [],
    manifest: { playground: { egress: 'none' } },
  });
  expect((await readdir(layers.directory)).filter((name) => name.startsWith('.'))).toEqual([]);
});

test('a copy that is not what was stored is told, and leaves nothing', async () => {
  const { restore, layers, vault, folder } = await open();
  await layers.seal('one');
  await writeFile(`${folder}/other`, 'another content');
  await vault.store(`${folder}/other`, { name: 'layer-one' });
  await expect(restore()).rejects.toMatchObject({
    code: 'vault-corrupt',
    message: expect.stringContaining('layer-one') as string,
  });
  await layers.collect(new Set(['one', 'ram']));
  expect((await readdir(layers.directory)).toSorted()).toEqual([
    'one.json',
    'one.qcow2',
    'ram.json',
    'ram.ram',
  ]);
});

test('memory that the vault has lost is told, though the copy boots without it', async () => {
  const { restore, vault } = await open();
  await vault.remove('layer-ram');
  await expect(restore()).rejects.toMatchObject({ code: 'vault-object-missing' });
});
