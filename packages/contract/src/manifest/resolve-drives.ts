import type { MachineDrive } from '../machine-drive.ts';
import { defaultDriveBytes, type ManifestDrive } from './drive.ts';

/** What sources are: each is one file system of this kind. */
export const sourceFilesystem = 'ext4';

/** The drives of a machine with nothing left open. Those with a source may turn out larger: they are never smaller than it. */
export function resolveDrives(drives: readonly ManifestDrive[]): MachineDrive[] {
  return drives.map(({ source, mount, size, filesystem, readOnly }, index) => ({
    device: deviceName(index),
    sizeBytes: size ?? defaultDriveBytes,
    source: source ?? null,
    filesystem:
      source === undefined ? (filesystem ?? (mount === undefined ? null : 'ext4')) : sourceFilesystem,
    mount: mount ?? null,
    readOnly,
  }));
}

/** What Linux calls the drive at this place of the list, counted from 0. */
export function deviceName(index: number): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  const letter = letters[index];
  if (letter === undefined) throw new RangeError(`a machine has no drive number ${index}`);
  return `/dev/vd${letter}`;
}
