// Drives without a source: raw, or formatted. A file system is made in a sparse file of the host’s own that nobody else ever
// wrote to, so nothing is mounted and nothing of a guest is read. Each drive gets one of its own: file systems that share an
// identity cannot be mounted side by side (xfs, btrfs), and making one takes less than keeping a store of them would.
import { rm, truncate, writeFile } from 'node:fs/promises';
import type { MachineDrive } from '@playhouse/contract/machine-drive';
import { crashPoint } from '../system/crash-point.ts';
import { type Run, runOrFail } from '../system/run.ts';
import { convertToQcow2, createBlank } from './qemu-img.ts';

type Filesystem = NonNullable<MachineDrive['filesystem']>;

/** The file is known to be zeros: nothing needs to be written, now by mkfs or later by the guest, to make it so. */
const zeroed = 'lazy_itable_init=1,lazy_journal_init=1,assume_storage_prezeroed=1';
/** Newer than some of the guests that check these file systems. */
const older = '^orphan_file,^metadata_csum_seed';

/** The program that makes a file system in the raw image. Only features that every kernel of ours can mount. */
export function formatLine(filesystem: Filesystem, image: string): readonly string[] {
  if (filesystem === 'xfs') return ['mkfs.xfs', '-q', '-f', '-m', 'rmapbt=0', '-i', 'nrext64=0', image];
  if (filesystem === 'btrfs') return ['mkfs.btrfs', '-q', '-f', image];
  return [`mkfs.${filesystem}`, '-q', '-F', '-m', '0', '-O', older, '-E', zeroed, image];
}

/**
 * Makes a blank drive at `path`, a qcow2 file that lies on nothing; raw when `filesystem` is null. Not atomic: after a crash
 * there may be a part of it and `{path}.raw`, which the caller clears away.
 * @throws PlayhouseError command-failed, command-missing
 */
export async function makeBlankDrive(
  path: string,
  { filesystem, sizeBytes }: Pick<MachineDrive, 'filesystem' | 'sizeBytes'>,
  run: Run = runOrFail,
): Promise<void> {
  if (filesystem === null) return await createBlank(path, sizeBytes, run);
  const image = `${path}.raw`;
  try {
    await writeFile(image, '', { mode: 0o600 });
    await truncate(image, sizeBytes);
    await run(formatLine(filesystem, image));
    crashPoint('drive/formatted');
    await convertToQcow2(image, path, run);
  } finally {
    await rm(image, { force: true });
  }
}
