// Folders that containers wrote, as files: archives that are the same whenever the folder is, with everything that a file system
// knows of it; and plain copies, which share blocks where the file system can. What is in them is never run, opened or followed.
import { mkdir } from 'node:fs/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { removeTree } from '../system/durable-file.ts';
import { type Run, run as runProgram } from '../system/run.ts';

/** A day: how much there is nobody knows. */
const timeoutMs = 86_400_000;

/** Extended attributes of every kind, owners as numbers: names are those of the container’s users. */
const faithful = ['--xattrs', '--xattrs-include=*', '--acls', '--numeric-owner'];

/** What would make two archives of the same folder differ: times of access, and numbers of processes. */
const sameAgain = [
  ...['--format=posix', '--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime'],
  ...['--sort=name', '--sparse', '--sparse-version=0.0'],
];

export interface FolderWork {
  readonly signal: AbortSignal;
  readonly run?: Run;
}

/** Writes a folder with all in it to an archive. Sockets are left out: they mean nothing without who listens. */
export async function packFolder(folder: string, archive: string, work: FolderWork): Promise<void> {
  const words = ['--create', '--file', archive, '--directory', folder, ...sameAgain, ...faithful];
  await carryOut(['tar', ...words, '--warning=no-file-ignored', '.'], folder, work);
}

/** Makes a folder, which replaces what was there under that name, from an archive. */
export async function unpackFolder(archive: string, folder: string, work: FolderWork): Promise<void> {
  await removeTree(folder);
  await mkdir(folder, { mode: 0o700 });
  const owners = ['--same-owner', '--preserve-permissions', '--delay-directory-restore'];
  const words = ['--extract', '--file', archive, '--directory', folder, ...faithful, ...owners];
  await carryOut(['tar', ...words], folder, work);
}

/**
 * Makes a copy of a folder, which replaces what was there under that name. `always` shares blocks or fails; `auto` copies what
 * cannot be shared.
 */
export async function copyFolder(
  folder: string,
  copy: string,
  { reflink, ...work }: FolderWork & { readonly reflink: 'always' | 'auto' },
): Promise<void> {
  await removeTree(copy);
  const how = ['--archive', `--reflink=${reflink}`, '--sparse=auto', '--no-target-directory'];
  await carryOut(['cp', ...how, '--', folder, copy], copy, work);
}

/** @throws PlayhouseError disk-full, command-failed, command-missing, cancelled */
async function carryOut(
  argv: readonly string[],
  path: string,
  { signal, run = runProgram }: FolderWork,
): Promise<void> {
  const { exitCode, stderr } = await run(argv, { timeoutMs, signal });
  if (exitCode === 0) return;
  signal.throwIfAborted();
  if (/No space left on device|Disk quota exceeded/.test(stderr))
    throw new PlayhouseError('disk-full', { path });
  const [command = ''] = argv;
  throw new PlayhouseError('command-failed', { command, exitCode, detail: stderr.trim().slice(-600) });
}
