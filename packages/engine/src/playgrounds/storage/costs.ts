import type { Cost } from '@playhouse/contract/snapshot';
import type { LayerNeed } from './layer-needs.ts';

export const free: Cost = { uniqueBytes: 0, sharedBytes: 0 };

/** What each owner costs, told apart by `key`; `bytes` says what a layer takes on disk. */
export function costs(
  needs: readonly LayerNeed[],
  bytes: ReadonlyMap<string, number>,
  key: 'owner' | 'group',
): ReadonlyMap<string, Cost> {
  const users = new Map<string, Set<string>>();
  for (const need of needs) {
    for (const layer of need.layers) users.set(layer, (users.get(layer) ?? new Set()).add(need[key]));
  }
  const result = new Map<string, Cost>(needs.map((need) => [need[key], free]));
  for (const [layer, owners] of users) {
    for (const owner of owners) {
      const { uniqueBytes, sharedBytes } = result.get(owner) ?? free;
      const size = bytes.get(layer) ?? 0;
      const alone = owners.size === 1;
      result.set(owner, {
        uniqueBytes: uniqueBytes + (alone ? size : 0),
        sharedBytes: sharedBytes + (alone ? 0 : size),
      });
    }
  }
  return result;
}
