import type { Cost } from '@playhouse/contract/snapshot';
import { formatSize } from './size.ts';

/** What something costs on disk, in words; null is not known. */
export function costWords(cost: Cost | null | undefined): string {
  if (!cost) return 'not known now';
  return `${formatSize(cost.uniqueBytes)} of its own, ${formatSize(cost.sharedBytes)} shared`;
}

/** The same as two columns of a table, own and shared. */
export function costColumns(cost: Cost | undefined): readonly [string, string] {
  return cost === undefined ? ['-', '-'] : [formatSize(cost.uniqueBytes), formatSize(cost.sharedBytes)];
}
