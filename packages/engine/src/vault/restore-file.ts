// Brings a file back, sparse as it was: beside its place first, moved there when every byte has been proven.
import { rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { isDiskFull, syncDirectory } from '../system/durable-file.ts';
import { DirectFile } from './direct-file.ts';

export interface RestoreTarget {
  readonly sink: (bytes: Uint8Array, position: number) => Promise<void>;
}

/**
 * Makes a file of `sizeBytes` zeros, lets `fill` write into it, then syncs it, makes it read-only and moves it to `path`.
 * When `fill` throws nothing is left. A crash may leave `<path>.restoring`, which the next restore replaces.
 * @throws PlayhouseError disk-full, and what `fill` throws.
 */
export async function restoreFile(
  path: string,
  sizeBytes: number,
  fill: (target: RestoreTarget) => Promise<void>,
): Promise<void> {
  const temporary = `${path}.restoring`;
  try {
    // A file of an earlier try may be read-only.
    await rm(temporary, { force: true });
    const file = await DirectFile.create(temporary, sizeBytes);
    try {
      await fill({ sink: async (bytes, position) => await file.write(bytes, position) });
      await file.finish();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncDirectory(dirname(path));
  } catch (cause) {
    await rm(temporary, { force: true });
    throw isDiskFull(cause) ? new PlayhouseError('disk-full', { path }, { cause }) : cause;
  }
}
