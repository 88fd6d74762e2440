// The vault against `zstd -1 | sha256sum` of the same bytes: storing 1 GB of changed data and restoring it, in pairs.
import { mkdtemp, open, readdir, rm } from 'node:fs/promises';
import { DirectoryDriver } from '../packages/engine/src/vault/directory-driver.ts';
import { Vault } from '../packages/engine/src/vault/vault.ts';
import { median, timed } from './measure.ts';
import type { Row } from './row.ts';

const pairs = 5;
const wantedBytes = 2 ** 30;
/** The promise is at least 0.7 of that speed, there and back together. */
const bar = 1 / 0.7;
const memoryBar = 400;

export async function benchVault(): Promise<readonly Row[]> {
  const folder = await mkdtemp('/tmp/phb-');
  try {
    const file = `${folder}/data`;
    const megabytes = (await gather(file)) / 1e6;
    const samples: { hand: number; store: number; restore: number; memory: number }[] = [];
    for (let index = 0; index < pairs; index++) {
      // Each is first in every other pair, so that a drift of the machine’s speed favours neither.
      const before = index % 2 === 0 ? await byHand(file) : 0;
      const moved = await thereAndBack(file, `${folder}/${index}`);
      const sample = { hand: before || (await byHand(file)), ...moved };
      samples.push(sample);
      process.stdout.write(`  pair ${index + 1}: ${JSON.stringify(sample)}\n`);
    }
    const middle = (side: 'hand' | 'store' | 'restore') => median(samples.map((sample) => sample[side]));
    const speed = (seconds: number) => `${(megabytes / seconds).toFixed(0)} MB/s`;
    const notes = [
      `${megabytes.toFixed(0)} MB: store ${speed(middle('store'))}, restore ${speed(middle('restore'))}, by hand ${speed(middle('hand'))} (medians of ${pairs})`,
    ];
    const figure = median(samples.map(({ hand, store, restore }) => (store + restore) / hand));
    const memory = Math.max(...samples.map((sample) => sample.memory));
    return [
      { name: 'vault: store and restore ÷ zstd -1 | sha256sum', figure, unit: '×', bar, samples, notes },
      { name: 'vault: memory taken meanwhile', figure: memory, unit: 'MB', bar: memoryBar, samples },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function byHand(file: string): Promise<number> {
  return (await timed(['sh', '-c', 'zstd -q -1 -c "$1" | sha256sum', 'sh', file])).seconds;
}

/** Seconds for each way, and the most memory that this process took more than at the beginning. */
async function thereAndBack(file: string, folder: string) {
  const vault = new Vault({ driver: new DirectoryDriver(`${folder}-vault`), keyFile: `${folder}.key` });
  await vault.check();
  const atFirst = process.memoryUsage().rss;
  let most = atFirst;
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 50);
  const began = performance.now();
  await vault.store(file, { name: 'data' });
  const stored = performance.now();
  await vault.restore('data', `${folder}.back`);
  const restored = performance.now();
  clearInterval(watch);
  await vault.close();
  for (const name of ['-vault', '.key', '.back'])
    await rm(`${folder}${name}`, { recursive: true, force: true });
  return {
    store: (stored - began) / 1000,
    restore: (restored - stored) / 1000,
    memory: (most - atFirst) / 1e6,
  };
}

/** Puts programs and libraries of this host into one file, as a machine that installed packages has them on its drive. */
async function gather(path: string): Promise<number> {
  const target = await open(path, 'w');
  let size = 0;
  for (const folder of ['/usr/lib', '/usr/bin', '/usr/share']) {
    for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
      if (size >= wantedBytes) break;
      if (!entry.isFile()) continue;
      const source = await open(`${entry.parentPath}/${entry.name}`, 'r').catch(() => null);
      const bytes = await source?.readFile();
      await source?.close();
      if (!bytes) continue;
      await target.write(bytes);
      size += bytes.byteLength;
    }
  }
  await target.truncate(Math.min(size, wantedBytes));
  await target.sync();
  await target.close();
  return Math.min(size, wantedBytes);
}
