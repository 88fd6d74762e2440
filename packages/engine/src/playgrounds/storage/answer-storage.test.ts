import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { LayerStore } from '../../layers/layer-store.ts';
import { SnapshotStore } from '../../snapshots/snapshot-store.ts';
import { enginePaths } from '../../system/engine-paths.ts';
import { runOrFail } from '../../system/run.ts';
import { temporaryDirectory } from '../../system/testing/temporary-directory.ts';
import { samplePlayground } from '../../testing/sample-playground.ts';
import { sampleSnapshot } from '../../testing/sample-snapshot.ts';
import { noDrive, PlaygroundRecords } from '../playground-record.ts';
import type { PlayroomTools } from '../playroom-tools.ts';
import { answerStorage } from './answer-storage.ts';

const kibibyte = 1024;
const at = (digit: string) => digit.repeat(24);

/** A playroom with real files: a base, layers of many sizes, and playgrounds, snapshots and playspecs that need them. */
async function open() {
  const paths = enginePaths({ stateDirectory: await temporaryDirectory() });
  const records = new PlaygroundRecords(paths);
  const [layers, snapshots] = [new LayerStore(paths.layers), new SnapshotStore(paths.snapshots)];
  await records.load();
  await layers.load();
  await snapshots.load();
  const base = `${paths.sources}/debian/layer.qcow2`;
  await mkdir(`${paths.sources}/debian`, { recursive: true });
  await writeFile(base, randomBytes(900 * kibibyte));
  const sizes = { a: 300, b: 200, c: 77, ram: 500, merged: 450, gone: 64, later: 33 };
  for (const [id, size] of Object.entries(sizes)) {
    await writeFile(`${paths.layers}/file`, randomBytes(size * kibibyte));
    await layers.adopt(`${paths.layers}/file`, id, id === 'ram' ? 'memory' : 'disk');
  }
  await layers.markOffloaded('gone');
  await layers.evict('gone');
  const playground = async (digit: string, snapshotId: string | null, ...ids: readonly string[]) => {
    const sample = samplePlayground(at(digit));
    const [web] = sample.machines;
    if (!web) throw new Error('the sample has no machine');
    const drive = { ...noDrive, layer: base, layers: [...ids] };
    const waiting = { ...drive, merged: { layer: 'merged', count: 2 } };
    const machines = [{ ...web, drives: [digit === '1' ? waiting : drive] }];
    const order = { ...sample.order, number: Number(digit) };
    await records.save({ ...sample, order, state: 'stopped', established: true, snapshotId, machines });
  };
  const snapshot = async (id: string, of: string, savedAs: string | null, ...ids: readonly string[]) => {
    const sample = sampleSnapshot(at(id), { savedAs });
    const [web] = sample.machines;
    if (!web) throw new Error('the sample has no machine');
    const memory = { layer: 'ram', devices: '', fit: { qemu: '', processor: '', kernel: '', shape: '' } };
    const drives = [{ layer: base, sizeBytes: 1, layers: [...ids] }];
    const machines = [{ ...web, drives, memory: id === 'b' ? memory : null }];
    await snapshots.save({ ...sample, order: { ...sample.order, id: at(of) }, machines });
  };
  await playground('1', at('a'), 'a', 'b', 'gone');
  await playground('2', at('c'), 'a', 'c');
  await snapshot('a', '1', null, 'a', 'b');
  await snapshot('b', '1', 'lab@1', 'a');
  // Of a playground that is gone; kept for the fork that is at it.
  await snapshot('c', '9', null, 'a', 'c', 'later');
  const sources = { describe: async () => null };
  const vaultKeeper = { troubleOf: () => null };
  const services = { all: () => [] };
  const tools = {
    paths,
    records,
    services,
    layers,
    snapshots,
    sources,
    vaultKeeper,
  } as unknown as PlayroomTools;
  return { tools, paths };
}

const du = async (path: string) => Number((await runOrFail(['du', '-s', '-B1', path])).stdout.split(/\s/)[0]);

test('what is unique, and what is shared once, add up to what du says, within 1 %', async () => {
  const { tools, paths } = await open();
  const listed = await answerStorage(tools, { kind: 'layer.list' });
  const cost = await answerStorage(tools, { kind: 'cost.list' });
  if (listed.kind !== 'layer.list' || cost.kind !== 'cost.list') throw new Error('another answer');
  // Whoever goes takes their snapshots along; that of the fork is the one that it is at.
  const groups: Readonly<Record<string, string>> = {
    'pg-1-sample': '1',
    'pg-2-sample': '2',
    [at('a')]: '1',
    [at('b')]: 'lab@1',
    [at('c')]: '2',
  };
  const sharedOnce = listed.layers
    .filter(({ owners }) => new Set(owners.map((owner) => groups[owner])).size > 1)
    .reduce((sum, { bytes }) => sum + bytes, 0);
  const folders = await Promise.all(
    [...tools.records.all()].map(async ({ order }) => await du(paths.playground(order.id))),
  );
  const unique = [...Object.values(cost.playgrounds), ...Object.values(cost.playspecs)].reduce(
    (sum, { uniqueBytes }) => sum + uniqueBytes,
    0,
  );
  const told = unique + sharedOnce;
  const taken =
    (await du(paths.layers)) +
    (await du(`${paths.sources}/debian`)) +
    folders.reduce((sum, bytes) => sum + bytes, 0);
  expect(Math.abs(told - taken) / taken).toBeLessThan(0.01);
  expect(cost.playspecs['lab@1']?.uniqueBytes).toBeGreaterThan(500 * kibibyte);
});

test('each owner’s unique and shared bytes are those of the layers that it needs', async () => {
  const { tools } = await open();
  const listed = await answerStorage(tools, { kind: 'layer.list' });
  const answer = await answerStorage(tools, { kind: 'snapshot.list' });
  if (listed.kind !== 'layer.list' || answer.kind !== 'snapshot.list') throw new Error('another answer');
  for (const { id, cost } of answer.snapshots) {
    const needed = listed.layers.filter(({ owners }) => owners.includes(id));
    const bytes = needed.reduce((sum, layer) => sum + layer.bytes, 0);
    expect(cost.uniqueBytes + cost.sharedBytes).toBe(bytes);
  }
  const later = listed.layers.find(({ id }) => id === 'later')?.bytes;
  expect(answer.snapshots.find(({ id }) => id === at('c'))?.cost.uniqueBytes).toBe(later);
});
