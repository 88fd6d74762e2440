import type { ManifestPath } from '../../manifest/manifest-issue.ts';

export interface PlacedItem {
  readonly item: unknown;
  readonly at: ManifestPath;
}

/** The entries of a list, or the one value that stands for it, each with its place. */
export function items(value: unknown, path: ManifestPath): readonly PlacedItem[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return [{ item: value, at: path }];
  return value.map((item: unknown, index) => ({ item, at: [...path, index] }));
}
