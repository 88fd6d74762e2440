// A folder that is the root of a disk of its own, of which a test can use up every block.
import { rm } from 'node:fs/promises';
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
