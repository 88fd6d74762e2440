// Writes what several layers hold into one new layer. Nothing is ever written to a layer that is there. Layers were written by
// machines that may have been broken out of, so the program that reads them sees nothing but them, and chains are spelled out.
import { mkdir } from 'node:fs/promises';
import { confine } from '../system/confinement.ts';
import { crashPoint } from '../system/crash-point.ts';
import { removeTree } from '../system/durable-file.ts';
import { type Run, run, runOrFail } from '../system/run.ts';
import type { LayerStore } from './layer-store.ts';
import { compareContent, rebaseOnto, spellOut } from './qemu-img.ts';

/** What a layer that was merged stands for: the same content on the same base. */
export interface Merged {
  /** File of the base layer; null when there is none. */
  readonly base: string | null;
  /** Ids of the layers, lowest first. */
  readonly layers: readonly string[];
}

const timeoutMs = 6 * 3_600_000;
/** Nobody waits for it: it takes what processors and disk have left over. */
const lowPriority = ['nice', '-n', '19', 'ionice', '-c', '3'];

/**
 * Makes the layer `id`, which on the base alone reads as all `layers` on it do, zeros over data included; that was compared before
 * the layer is there. It has its digest and is on disk when this returns. After a crash nothing is left but perhaps a layer that
 * nobody needs.
 * @throws PlayhouseError command-failed, also when the contents differ; cancelled
 */
export async function mergeLayers(
  { base, layers }: Merged,
  id: string,
  store: LayerStore,
  signal?: AbortSignal,
): Promise<void> {
  const staging = `${store.directory}/.merge-${id}`;
  const merged = `${staging}/merged.qcow2`;
  const bases = base === null ? [] : [base];
  const files = [...bases, ...layers.map((layer) => store.path(layer))];
  const [top = '', below] = [files.at(-1), files.slice(0, -1)];
  const words = [...confine({ writable: [staging], readable: files }), ...lowPriority];
  const options = { timeoutMs, ...(signal === undefined ? {} : { signal }) };
  const confined: Run = async (argv) => await runOrFail([...words, ...argv], options);
  try {
    await mkdir(staging, { mode: 0o700 });
    await confined(['cp', '--reflink=auto', '--sparse=always', '--no-preserve=mode', top, merged]);
    crashPoint('merge/copied');
    await rebaseOnto(base, merged, below, confined);
    // Zeros over data of the base were written as such: they need no room. A file system that cannot do that keeps them.
    await run([...words, 'fallocate', '--dig-holes', merged], options);
    crashPoint('merge/merged');
    await compareContent(spellOut(files), spellOut([...bases, merged]), confined);
    await store.adopt(merged, id, 'disk', { base, layers: [...layers] });
    crashPoint('merge/adopted');
    await store.seal(id);
  } finally {
    await removeTree(staging);
  }
}
