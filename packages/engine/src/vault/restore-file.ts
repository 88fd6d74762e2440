// Brings a file back, sparse as it was: beside its place first, moved there when every byte has been proven.
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { isDiskFull, syncDirectory } from '../system/durable-file.ts';

/** What has arrived is written out in parts of this size, while the rest still comes: the last sync has little left to do. */
const syncBytes = 64 * 1024 ** 2;

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
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.truncate(sizeBytes);
      let unsynced = 0;
      let syncing: Promise<void> | undefined;
      let failure: { readonly error: unknown } | undefined;
      const sink = async (bytes: Uint8Array, position: number) => {
        for (let at = 0; at < bytes.byteLength;) {
          const { bytesWritten } = await file.write(bytes, at, bytes.byteLength - at, position + at);
          at += bytesWritten;
        }
        unsynced += bytes.byteLength;
        if (unsynced < syncBytes || syncing) return;
        unsynced = 0;
        syncing = file
          .datasync()
          // The kernel tells a failed write only once: the last sync would not hear of it.
          .catch((error: unknown) => void (failure ??= { error }))
          .finally(() => (syncing = undefined));
      };
      try {
        await fill({ sink });
      } finally {
        await syncing;
      }
      if (failure) throw failure.error;
      await file.chmod(0o444);
      await file.sync();
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
