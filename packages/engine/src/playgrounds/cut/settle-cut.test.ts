import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { LayerStore } from '../../layers/layer-store.ts';
import type { RunningMachine } from '../../machines/machine-driver.ts';
import { enginePaths } from '../../system/engine-paths.ts';
import { identify } from '../../system/process-identity.ts';
import { temporaryDirectory } from '../../system/testing/temporary-directory.ts';
import { sampleId, samplePlayground } from '../../testing/sample-playground.ts';
import { noDrive, PlaygroundRecords } from '../playground-record.ts';
import type { PlayroomTools } from '../playroom-tools.ts';
import type { CutContext } from './finish-cut.ts';
import type { StartContext } from '../start/start-context.ts';
import { finishFinalCut } from './finish-final-cut.ts';
import { rewindSteps } from './rewind-steps.ts';
import { settleCut } from './settle-cut.ts';

/** A playground in the middle of a cut through its machine `web`, which says that it writes overlay `writes`. */
async function inTheMiddle(
  writes: number | null | 'nothing: it has ended',
  { final = false, next = 1 }: { final?: boolean; next?: number | null } = {},
) {
  const paths = enginePaths({ stateDirectory: await temporaryDirectory() });
  const records = new PlaygroundRecords(paths);
  await records.load();
  const layers = new LayerStore(paths.layers);
  await layers.load();
  const sample = samplePlayground();
  const cut = {
    snapshotId: 'e'.repeat(24),
    final,
    machines: { web: { drives: [{ layer: 'layer-web', next }], memory: 'layer-ram' } },
  };
  await records.save({ ...sample, state: 'running', established: true, cut });
  const folder = paths.machine(sampleId, 'web');
  await mkdir(folder, { recursive: true });
  for (const name of ['root.qcow2', 'root-1.qcow2']) await writeFile(`${folder}/${name}`, name);
  const settled: string[] = [];
  const web = { settle: async () => (settled.push('web'), new Map([[0, writes]])) };
  const running = typeof writes === 'string' ? undefined : (web as unknown as RunningMachine);
  const tools = { paths, records, layers, settings: { devices: 'ph1a2b-', edgeRange: '100.64.0.0/10' } };
  const context: CutContext = {
    tools: tools as unknown as PlayroomTools,
    id: sampleId,
    running: (name) => (name === 'web' ? running : undefined),
  };
  const drives = () => records.get(sampleId)?.machines[0]?.drives;
  return { context, settled, drives, records, layers, files: async () => (await readdir(folder)).toSorted() };
}

test('a machine that was switched keeps the new overlay, and the old one is a layer', async () => {
  const { context, drives, layers, records, files } = await inTheMiddle(1);
  await settleCut(context);
  expect(drives()).toEqual([
    { ...noDrive, layer: '/s/layer.qcow2', layers: ['layer-web'], overlay: 1, overlays: 2 },
  ]);
  expect(await files()).toEqual(['root-1.qcow2']);
  expect(layers.get('layer-web')).toMatchObject({ kind: 'disk', digest: null });
  expect(records.get(sampleId)?.cut).toBeNull();
});

test('one that was not keeps what it had, and the new overlay goes', async () => {
  const { context, drives, layers, files } = await inTheMiddle(null);
  await settleCut(context);
  expect(drives()).toEqual([{ ...noDrive, layer: '/s/layer.qcow2' }]);
  expect(await files()).toEqual(['root.qcow2']);
  expect(layers.all()).toEqual([]);
});

test('of one that has ended both overlays are kept, the new one on the old one', async () => {
  const { context, drives, files } = await inTheMiddle('nothing: it has ended');
  await settleCut(context);
  expect(drives()).toMatchObject([{ layers: ['layer-web'], overlay: 1 }]);
  expect(await files()).toEqual(['root-1.qcow2']);
});

test('one whose suspension failed goes on writing its overlay, which is no layer', async () => {
  const { context, drives, layers, files, records } = await inTheMiddle(null, { next: null });
  await settleCut(context);
  expect(drives()).toEqual([{ ...noDrive, layer: '/s/layer.qcow2' }]);
  expect(await files()).toContain('root.qcow2');
  expect(layers.all()).toEqual([]);
  expect(records.get(sampleId)?.cut).toBeNull();
});

test('of one that has ended in its suspension the overlay is a layer', async () => {
  const { context, drives } = await inTheMiddle('nothing: it has ended', { next: null });
  await settleCut(context);
  expect(drives()).toMatchObject([{ layers: ['layer-web'], overlay: null }]);
});

test('settling once more changes nothing', async () => {
  const { context, drives } = await inTheMiddle(1);
  await settleCut(context);
  const once = drives();
  await settleCut(context);
  expect(drives()).toEqual(once);
});

test('machines of a cut that is final do not go on', async () => {
  const { context, settled, files } = await inTheMiddle(1, { final: true });
  await settleCut(context);
  expect(settled).toEqual([]);
  expect(await files()).toEqual(['root-1.qcow2', 'root.qcow2']);
});

test('a final cut that failed on its way is brought to its end before machines boot from its drives', async () => {
  const { context, drives, records, files } = await inTheMiddle(null, { final: true });
  const machines = records.get(sampleId)?.machines ?? [];
  const living = identify(globalThis.process.pid);
  await records.saveMachine(sampleId, machines[1]?.name ?? '', { process: living });
  await finishFinalCut(context);
  expect(records.get(sampleId)?.cut).not.toBeNull();
  await records.saveMachine(sampleId, machines[1]?.name ?? '', { process: null });
  await finishFinalCut(context);
  expect(drives()).toMatchObject([{ layers: ['layer-web'] }]);
  expect(await files()).not.toContain('root.qcow2');
  expect(records.get(sampleId)?.cut).toBeNull();
});

test('while a machine lives and says nothing, nothing is touched', async () => {
  const { context, records, files } = await inTheMiddle(1);
  const process = identify(globalThis.process.pid);
  const settle = async () => await Promise.reject(new Error('no answer'));
  const mute = { handle: { process }, settle } as unknown as RunningMachine;
  await expect(settleCut({ ...context, running: () => mute })).rejects.toThrow('no answer');
  expect(await files()).toEqual(['root-1.qcow2', 'root.qcow2']);
  expect(records.get(sampleId)?.cut).not.toBeNull();
});

test('a rewind that fails keeps the snapshot of what the playground was', async () => {
  const { context } = await inTheMiddle(1);
  const removed: string[] = [];
  const snapshots = { remove: async (id: string) => void removed.push(id) };
  const tools = { ...context.tools, snapshots } as unknown as PlayroomTools;
  const [keep] = rewindSteps('a'.repeat(24), { snapshotId: 'b'.repeat(24), cold: false });
  await keep?.undo?.({ ...context, tools } as StartContext);
  expect(removed).toEqual([]);
});
