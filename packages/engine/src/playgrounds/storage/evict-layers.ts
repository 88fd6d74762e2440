import type { PlayroomTools } from '../playroom-tools.ts';
import { layerNeeds } from './layer-needs.ts';

/**
 * Deletes layers here that the vault has, oldest first, until the others fit into the budget, in bytes. Those of playgrounds that
 * are not stopped stay. They come back when somebody starts from them. Gives their ids.
 */
export async function evictLayers(
  { records, layers }: Pick<PlayroomTools, 'records' | 'layers'>,
  budgetBytes: number,
): Promise<readonly string[]> {
  if (budgetBytes === 0 || records.sick.size > 0) return [];
  const awake = records.all().filter(({ state }) => state !== 'stopped');
  const needed = new Set(layerNeeds(awake, []).flatMap((need) => [...need.layers]));
  const sizes = new Map<string, number>();
  for (const record of layers.all()) sizes.set(record.id, (await layers.bytes(record)) ?? 0);
  let total = [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
  const evicted: string[] = [];
  for (const { id, offloadedAt } of layers.all().toSorted((a, b) => a.createdAt.localeCompare(b.createdAt))) {
    const bytes = sizes.get(id) ?? 0;
    if (total <= budgetBytes) break;
    if (bytes === 0 || offloadedAt === null || needed.has(id) || layers.isHeld(id)) continue;
    await layers.evict(id);
    total -= bytes;
    evicted.push(id);
  }
  return evicted;
}
