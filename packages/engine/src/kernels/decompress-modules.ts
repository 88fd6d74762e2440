// Module files as the kernel takes them. Compressed ones would need a modprobe in the image that knows the compression, and
// cost a machine without KVM time at every load.
import { readdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { runOrFail } from '../system/run.ts';

/** Paths for one call of xz: a command line holds no more. */
const batch = 400;
/** The largest modules have about 10 MB; a bomb has more. */
const mostBytes = 256 * 1024 ** 2;
const unpackers = [
  ['.ko.gz', gunzipSync],
  ['.ko.zst', zstdDecompressSync],
] as const;

/** Replaces every compressed module below `directory` by what is in it. @throws PlayhouseError command-failed, cancelled */
export async function decompressModules(directory: string, signal: AbortSignal): Promise<void> {
  const files = (await readdir(directory, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => `${parentPath}/${name}`);
  const packed = files.filter((path) => path.endsWith('.ko.xz'));
  for (let from = 0; from < packed.length; from += batch) {
    const limit = ['prlimit', `--fsize=${mostBytes}`, '--'];
    const argv = [...limit, 'xz', '--decompress', '--force', '--', ...packed.slice(from, from + batch)];
    await runOrFail(argv, { timeoutMs: 600_000, signal });
  }
  for (const path of files) {
    const unpack = unpackers.find(([ending]) => path.endsWith(ending))?.[1];
    if (unpack === undefined) continue;
    const bytes = unpack(await readFile(path), { maxOutputLength: mostBytes });
    await writeFile(path.replace(/\.(gz|zst)$/, ''), bytes);
    await unlink(path);
  }
}
