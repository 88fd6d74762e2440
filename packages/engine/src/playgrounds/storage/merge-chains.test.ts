import { readdir } from 'node:fs/promises';
import { expect, test, vi } from 'vitest';
import { LayerStore } from '../../layers/layer-store.ts';
import { spellOut } from '../../layers/qemu-img.ts';
import { enginePaths } from '../../system/engine-paths.ts';
import { identify } from '../../system/process-identity.ts';
import { run, runOrFail } from '../../system/run.ts';
import { temporaryDirectory } from '../../system/testing/temporary-directory.ts';
import { samplePlayground } from '../../testing/sample-playground.ts';
import { type MachineRecord, noDrive, PlaygroundRecords } from '../playground-record.ts';
import { layerNeeds } from './layer-needs.ts';
import { mergeChains } from './merge-chains.ts';

vi.setConfig({ testTimeout: 60_000 });

const kibibyte = 1024;
const longest = 2;
const log = { info: () => {}, warn: (...words: unknown[]) => expect.fail(JSON.stringify(words)) };
const at = (digit: string) => digit.repeat(24);
/** What the guest sees after the third cut, as `[pattern, offset, bytes]`. */
const content = [
  [3, 0, 64 * kibibyte],
  [0, 64 * kibibyte, 64 * kibibyte],
  [1, 128 * kibibyte, 64 * kibibyte],
  [255, 192 * kibibyte, 64 * kibibyte],
] as const;

const process_ = identify(process.pid);

/** A playroom with a base, three layers on it, and for each state a playground whose machine `web` lies on them. */
async function open(...states: readonly ('running' | 'stopped')[]) {
  const stateDirectory = await temporaryDirectory();
  const paths = enginePaths({ stateDirectory });
  const [layers, records] = [new LayerStore(paths.layers), new PlaygroundRecords(paths)];
  await layers.load();
  await records.load();
  const base = `${stateDirectory}/base.qcow2`;
  const ids: string[] = [];
  const write = async (file: string, ...commands: readonly string[]) => {
    await runOrFail(['qemu-img', 'create', '-q', '-f', 'qcow2', file, '1M']);
    const chain = spellOut([...(file === base ? [] : [base, ...ids.map((id) => layers.path(id))]), file]);
    await runOrFail(['qemu-io', ...commands.flatMap((command) => ['-c', command]), chain]);
  };
  await write(base, 'write -P 255 0 1M');
  for (const commands of [['write -P 1 0 192k'], ['write -z 64k 64k'], ['write -P 3 0 64k']]) {
    await write(`${stateDirectory}/overlay`, ...commands);
    const id = layers.newId();
    await layers.adopt(`${stateDirectory}/overlay`, id, 'disk');
    ids.push(id);
  }
  for (const [index, state] of states.entries()) {
    const sample = samplePlayground(at(String(index)));
    const [web] = sample.machines;
    const drive = { ...noDrive, layer: base, layers: ids, overlay: state === 'running' ? 1 : null };
    const machine: MachineRecord[] = web
      ? [{ ...web, drives: [drive], process: state === 'running' ? process_ : null }]
      : [];
    await records.save({ ...sample, state, established: true, machines: machine });
  }
  return { paths, ids, base };
}

/** The same playroom as the next engine finds it. */
async function reopen({ paths, base }: Awaited<ReturnType<typeof open>>) {
  const [layers, records] = [new LayerStore(paths.layers), new PlaygroundRecords(paths)];
  await layers.load();
  await records.load();
  const queue = {
    runUnasked: async (_: string, work: (signal: AbortSignal) => Promise<void>) =>
      await work(new AbortController().signal),
  };
  const work = { queue, log, signal: new AbortController().signal };
  return {
    layers,
    drive: (digit: string) => records.get(at(digit))?.machines[0]?.drives[0],
    merge: async () => await mergeChains({ records, layers }, work, { longest }),
    collect: async () =>
      await layers.collect(new Set(layerNeeds(records.all(), []).flatMap((need) => [...need.layers]))),
    /** Fails unless the layers read as they did. */
    check: async (ids: readonly string[]) => {
      const reads = content.flatMap(([pattern, offset, bytes]) => [
        '-c',
        `read -P ${pattern} ${offset} ${bytes}`,
      ]);
      const chain = spellOut([base, ...ids.map((id) => layers.path(id))]);
      expect((await runOrFail(['qemu-io', ...reads, chain])).stdout).not.toContain('verification failed');
    },
    files: async () => (await readdir(paths.layers)).toSorted(),
  };
}

test('machines that are off lie on the merged layer at once, others when they boot next', async () => {
  const playroom = await open('stopped', 'running');
  const { merge, drive, check, layers, collect } = await reopen(playroom);
  const { made } = await merge();
  const [id = ''] = made;
  expect(made).toHaveLength(1);
  expect(drive('0')).toMatchObject({ layers: [id], merged: null });
  expect(drive('1')).toMatchObject({ layers: playroom.ids, merged: { layer: id, count: 3 } });
  await check([id]);
  expect(layers.get(id).digest).toMatch(/^sha256-4m:/);
  // What runs has the old ones open.
  expect(await collect()).toEqual([]);
  expect((await merge()).made).toEqual([]);
});

test('once nothing lies on the old layers they are collected', async () => {
  const playroom = await open('stopped');
  const { merge, collect, drive, check, files } = await reopen(playroom);
  const { made } = await merge();
  expect((await collect()).toSorted()).toEqual(playroom.ids.toSorted());
  await check(drive('0')?.layers ?? []);
  expect(await files()).toEqual([`${made[0]}.json`, `${made[0]}.qcow2`]);
});

test('a chain that is not all here is left as it is', async () => {
  const playroom = await open('stopped');
  const { merge, layers, drive } = await reopen(playroom);
  await layers.markOffloaded(playroom.ids[1] ?? '');
  await layers.evict(playroom.ids[1] ?? '');
  expect(await merge()).toEqual({ made: [], failed: [] });
  expect(drive('0')?.layers).toEqual(playroom.ids);
});

test.each(['merge/copied', 'merge/merged', 'merge/adopted', 'merge/laid'])(
  'an engine that dies at %s loses nothing and leaves nothing',
  async (point) => {
    const playroom = await open('stopped');
    const here = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);
    const script = `
      process.env.PLAYHOUSE_CRASH_POINT = ${JSON.stringify(point)};
      const { LayerStore } = await import(${here('../../layers/layer-store.ts')});
      const { PlaygroundRecords } = await import(${here('../playground-record.ts')});
      const { enginePaths } = await import(${here('../../system/engine-paths.ts')});
      const { mergeChains } = await import(${here('./merge-chains.ts')});
      const paths = enginePaths({ stateDirectory: ${JSON.stringify(playroom.paths.root)} });
      const [layers, records] = [new LayerStore(paths.layers), new PlaygroundRecords(paths)];
      await layers.load();
      await records.load();
      const { signal } = new AbortController();
      const queue = { runUnasked: async (_, work) => await work(signal) };
      const log = { info: () => {}, warn: console.error };
      await mergeChains({ records, layers }, { queue, log, signal }, { longest: ${longest} });`;
    const { stderr } = await run([process.execPath, '--input-type=module', '-e', script]);
    expect(stderr).toContain('ended by SIGKILL');

    const { merge, drive, check, collect, files } = await reopen(playroom);
    await check(drive('0')?.layers ?? []);
    await collect();
    const needed = drive('0')?.layers ?? [];
    expect(await files()).toEqual(needed.flatMap((id) => [`${id}.json`, `${id}.qcow2`]).toSorted());
    await merge();
    expect(drive('0')?.layers).toHaveLength(1);
    await check(drive('0')?.layers ?? []);
  },
);
