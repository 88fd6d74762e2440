// What becomes of a drive’s chain when layers of it were merged into one. Pure.
import type { Merged } from '../../layers/merge-layers.ts';
import type { DriveRecord } from '../playground-record.ts';

/** The drive on the merged layer, if there is one, instead of those that it holds. */
export function shortened(drive: DriveRecord): DriveRecord {
  const { merged, layers } = drive;
  if (merged === null) return drive;
  return { ...drive, layers: [merged.layer, ...layers.slice(merged.count)], merged: null };
}

/** What of a drive ought to be merged: all that was cut, once that is more than `longest` layers. Null when nothing ought to. */
export function overlong(drive: DriveRecord, longest: number): Merged | null {
  const { layer: base, layers } = shortened(drive);
  return layers.length > longest ? { base, layers } : null;
}

/** The drive with the merged layer to be taken at the next opportunity; null when it does not begin as that does. */
export function withMerged(drive: DriveRecord, { base, layers }: Merged, id: string): DriveRecord | null {
  const short = shortened(drive);
  if (drive.layer !== base || layers.some((layer, index) => short.layers[index] !== layer)) return null;
  const count = layers.length + drive.layers.length - short.layers.length;
  return { ...drive, merged: { layer: id, count } };
}
