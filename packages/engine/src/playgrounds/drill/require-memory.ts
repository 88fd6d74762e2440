import type { Configuration } from '@playhouse/contract/configuration';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { PlaygroundOrder } from '@playhouse/contract/link/command';
import { resolveManifest } from '@playhouse/contract/manifest/resolve-manifest';
import { memoryBudgetBytes } from '../inventory.ts';
import type { PlaygroundRecord } from '../playground-record.ts';

const mebibyte = 2 ** 20;

/**
 * Checks that there is memory left for a playground that the server does not count.
 * @throws PlayhouseError memory-budget
 */
export function requireMemory(
  playgrounds: readonly Pick<PlaygroundRecord, 'order' | 'state'>[],
  order: PlaygroundOrder,
  configuration: Pick<Configuration['engine'], 'memoryBudgetMiB'>,
): void {
  const budget = memoryBudgetBytes(configuration);
  // Spare ones make room for whoever needs it.
  const awake = playgrounds.filter(({ state, order: { spare } }) => state !== 'stopped' && spare !== true);
  const free = budget - awake.reduce((sum, playground) => sum + ramBytes(playground.order), 0);
  if (ramBytes(order) <= free) return;
  const words = (bytes: number) => `${Math.max(0, Math.floor(bytes / mebibyte))} MiB`;
  throw new PlayhouseError('memory-budget', {
    needed: words(ramBytes(order)),
    free: words(free),
    budget: words(budget),
  });
}

function ramBytes({ manifest }: PlaygroundOrder): number {
  return resolveManifest(manifest).machines.reduce((sum, { resources }) => sum + resources.ramSize, 0);
}
