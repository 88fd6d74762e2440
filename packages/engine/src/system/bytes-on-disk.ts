import { lstat, readdir } from 'node:fs/promises';

/** What `stat` counts blocks in, whatever the file system’s own are. */
export const blockBytes = 512;

/** What a file, or a folder with all in it, takes on disk, as `du` counts it; 0 when it is not there. */
export async function bytesOnDisk(path: string): Promise<number> {
  const found = await lstat(path).catch(() => null);
  if (found === null) return 0;
  const own = found.blocks * blockBytes;
  if (!found.isDirectory()) return own;
  const inside = (await readdir(path).catch(() => [])).map(
    async (name) => await bytesOnDisk(`${path}/${name}`),
  );
  return (await Promise.all(inside)).reduce((sum, bytes) => sum + bytes, own);
}
