// Folders with a file system of their own, of which a test can use up every block.
import { mkdir, rm } from 'node:fs/promises';
import { run, runOk } from './process.ts';

const fileOf = (folder: string): string => `${folder}.disk`;

export async function mountOwnDisk(folder: string, sizeMiB: number): Promise<void> {
  await runOk(['truncate', '--size', `${sizeMiB}M`, fileOf(folder)]);
  // No blocks are set aside for root: the engine is root.
  await runOk(['mkfs.ext4', '-q', '-F', '-m', '0', fileOf(folder)]);
  await runOk(['mount', '-o', 'loop', fileOf(folder), folder]);
}

export async function removeOwnDisk(folder: string): Promise<void> {
  await run(['umount', '-l', folder]);
  await rm(fileOf(folder), { force: true });
}

/** Puts an empty file system in memory where the folder was. */
export async function mountSmallDisk(folder: string, sizeKiB: number): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  const options = `size=${sizeKiB}k,mode=755`;
  await runOk(['mount', '-t', 'tmpfs', '-o', options, 'playhouse-test', folder]);
}
