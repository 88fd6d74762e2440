import { expect, test } from 'vitest';
import { quietVoice } from '../../operations/step.ts';
import { enginePaths } from '../../system/engine-paths.ts';
import { temporaryDirectory } from '../../system/testing/temporary-directory.ts';
import { sampleId, samplePlayground } from '../../testing/sample-playground.ts';
import { SnapshotStore } from '../../snapshots/snapshot-store.ts';
import { PlaygroundRecords } from '../playground-record.ts';
import type { PlayroomTools } from '../playroom-tools.ts';
import type { StartContext } from '../start/start-context.ts';
import { type SnapshotWish, takeSnapshot } from './take-snapshot.ts';

const [before, id] = ['b'.repeat(24), 'a'.repeat(24)];

const saved = { origin: 'save', savedAs: 'lab@1' } as const;

/** Takes a snapshot without memory of a playground that is off. */
async function snapshotOfOne(suspended: boolean, wish: Pick<SnapshotWish, 'origin' | 'savedAs'> = saved) {
  const paths = enginePaths({ stateDirectory: await temporaryDirectory() });
  const [records, snapshots] = [new PlaygroundRecords(paths), new SnapshotStore(paths.snapshots)];
  await records.load();
  await snapshots.load();
  const sample = samplePlayground();
  const machines = sample.machines.map((machine) => ({
    ...machine,
    resumes: suspended,
    drives: machine.drives.map((drive) => ({ ...drive, overlay: null, layers: ['cut'] })),
  }));
  await records.save({ ...sample, state: 'stopped', established: true, machines, snapshotId: before });
  const tools = { paths, records, snapshots, vaultKeeper: { wake: () => {} } } as unknown as PlayroomTools;
  const context = {
    tools,
    id: sampleId,
    running: () => undefined,
    changed: () => {},
  } as unknown as StartContext;
  const voice = quietVoice(() => {}, new AbortController().signal);
  await takeSnapshot({ id, ...wish, memory: false }).run(context, voice);
  return { at: records.get(sampleId)?.snapshotId, snapshot: snapshots.get(id) };
}

test('of a playground that is off it says what was cut, and who it comes from', async () => {
  const { at, snapshot } = await snapshotOfOne(false);
  expect(snapshot).toMatchObject({
    parentId: before,
    savedAs: 'lab@1',
    machines: [{ drives: [{ layers: ['cut'] }] }, {}],
  });
  expect(at).toBe(id);
});

test('a suspended one stays at the snapshot that has its memory', async () => {
  expect((await snapshotOfOne(true)).at).toBe(before);
});

test('one that was cut to be compared is where it was before', async () => {
  const { at, snapshot } = await snapshotOfOne(false, { origin: 'diff', savedAs: null });
  expect(at).toBe(before);
  expect(snapshot).toMatchObject({ origin: 'diff', parentId: before });
});
