import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { ChunkThreads } from '../chunks/chunk-threads.ts';
import { readChunks } from '../chunks/read-chunks.ts';
import { blockBytes } from '../system/bytes-on-disk.ts';
import { runOrFail } from '../system/run.ts';
import { temporaryDirectory } from '../system/testing/temporary-directory.ts';
import { LayerStore } from './layer-store.ts';
import { mergeLayers } from './merge-layers.ts';
import { spellOut } from './qemu-img.ts';

vi.setConfig({ testTimeout: 600_000 });

const mebibyte = 1024 ** 2;
const sizeBytes = 4 * mebibyte;
const baseBytes = 3 * mebibyte;

/** What a guest did: wrote bytes, zeros, or discarded; in sectors of 512 bytes. */
interface Change {
  readonly verb: 'write' | 'zero' | 'discard';
  readonly at: number;
  readonly length: number;
}

const words = {
  write: (pattern: number) => `write -P ${pattern}`,
  zero: () => 'write -z',
  discard: () => 'discard',
} as const;

async function apply(chain: readonly string[], changes: readonly Change[], pattern: number): Promise<void> {
  const commands = changes.flatMap(({ verb, at, length }) => [
    '-c',
    `${words[verb](pattern)} ${at * 512} ${Math.min(length * 512, sizeBytes - at * 512)}`,
  ]);
  if (commands.length > 0) await runOrFail(['qemu-io', '-d', 'unmap', ...commands, spellOut(chain)]);
}

async function open() {
  const folder = await temporaryDirectory();
  const store = new LayerStore(`${folder}/layers`);
  await store.load();
  const base = `${folder}/base.qcow2`;
  await runOrFail(['qemu-img', 'create', '-q', '-f', 'qcow2', base, String(baseBytes)]);
  await runOrFail(['qemu-io', '-c', `write -P 255 0 ${baseBytes}`, spellOut([base])]);
  /** Cuts a layer with these changes on what is there. */
  const cut = async (below: readonly string[], changes: readonly Change[], clusterBytes = 65_536) => {
    const id = store.newId();
    const file = `${folder}/overlay.qcow2`;
    const options = ['-o', `cluster_size=${clusterBytes}`];
    await runOrFail(['qemu-img', 'create', '-q', '-f', 'qcow2', ...options, file, String(sizeBytes)]);
    await apply([...below, file], changes, (Number.parseInt(id.slice(0, 2), 16) % 254) + 1);
    await store.adopt(file, id, 'disk');
    return id;
  };
  return { store, base, cut };
}

const sectors = sizeBytes / 512;
const change = fc.record({
  verb: fc.constantFrom<Change['verb']>('write', 'zero', 'discard'),
  at: fc.nat(sectors - 1),
  length: fc.oneof(fc.integer({ min: 1, max: 300 }), fc.constantFrom(128, 1024, 4096)),
});
const layer = fc.record({
  changes: fc.array(change, { maxLength: 5 }),
  clusterBytes: fc.constantFrom(4096, 65_536, 1_048_576),
});

test('whatever was written, zeroed and discarded, the merged layer reads as its layers did', async () => {
  const property = fc.asyncProperty(
    fc.array(layer, { minLength: 2, maxLength: 5 }),
    fc.boolean(),
    async (layers, onBase) => {
      const { store, base, cut } = await opened;
      const bases = onBase ? [base] : [];
      const ids: string[] = [];
      for (const { changes, clusterBytes } of layers) {
        ids.push(await cut([...bases, ...ids.map((id) => store.path(id))], changes, clusterBytes));
      }
      const digests = await Promise.all(ids.map(async (id) => await store.seal(id)));
      const id = store.newId();
      await mergeLayers({ base: onBase ? base : null, layers: ids }, id, store);
      const old = spellOut([...bases, ...ids.map((each) => store.path(each))]);
      await runOrFail(['qemu-img', 'compare', old, spellOut([...bases, store.path(id)])]);
      await runOrFail(['qemu-img', 'check', '-q', spellOut([store.path(id)])]);
      const fresh = new LayerStore(store.directory);
      await fresh.load();
      expect(fresh.get(id)).toMatchObject({ merged: { layers: ids }, digest: expect.any(String) as string });
      // What it was made of is as it was.
      for (const [index, each] of ids.entries()) {
        expect(await readChunks(store.path(each), threads)).toMatchObject({ digest: digests[index] });
      }
    },
  );
  const threads = new ChunkThreads();
  const opened = open();
  await fc.assert(property, { numRuns: Number(process.env['PLAYHOUSE_MERGE_RUNS'] ?? 3) });
  await threads.close();
});

test('zeros over data of the base stay zeros, and take no room', async () => {
  const { store, base, cut } = await open();
  const first = await cut([base], [{ verb: 'write', at: 0, length: 128 }]);
  const zeroed = await cut([base, store.path(first)], [{ verb: 'zero', at: 0, length: 4096 }]);
  const last = await cut([base, store.path(first), store.path(zeroed)], []);
  const id = store.newId();
  await mergeLayers({ base, layers: [first, zeroed, last] }, id, store);
  const read = ['qemu-io', '-c', `read -P 0 0 ${2 * mebibyte}`, '-c', `read -P 255 ${2 * mebibyte} 65536`];
  const { stdout } = await runOrFail([...read, spellOut([base, store.path(id)])]);
  expect(stdout).not.toContain('verification failed');
  expect((await stat(store.path(id))).blocks * blockBytes).toBeLessThan(mebibyte);
});

test('a merge that fails leaves nothing', async () => {
  const { store, base, cut } = await open();
  const id = store.newId();
  const merging = mergeLayers({ base, layers: [await cut([base], []), 'missing'] }, id, store);
  await expect(merging).rejects.toThrow('missing');
  expect(existsSync(store.path(id))).toBe(false);
  expect((await readdir(store.directory)).filter((name) => name.startsWith('.'))).toEqual([]);
});

test('what somebody works with is not collected', async () => {
  const { store, base, cut } = await open();
  const id = await cut([base], []);
  await store.hold([id], async () => expect(await store.collect(new Set())).toEqual([]));
  expect(await store.collect(new Set())).toEqual([id]);
});
