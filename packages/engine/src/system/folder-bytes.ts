import { run } from './run.ts';

/**
 * What a folder with all in it takes on disk, as `du` counts it; null when finding out takes longer than `timeoutMs`, or it is not
 * there. For folders that may have millions of files: `bytesOnDisk` holds them all at once.
 */
export async function folderBytes(folder: string, timeoutMs: number): Promise<number | null> {
  const words = ['du', '--summarize', '--block-size=1', '--one-file-system', '--', folder];
  // A file that goes meanwhile is complained about, and makes no difference.
  const { stdout } = await run(words, { timeoutMs }).catch(() => ({ stdout: '' }));
  const bytes = Number.parseInt(stdout, 10);
  return Number.isNaN(bytes) ? null : bytes;
}
