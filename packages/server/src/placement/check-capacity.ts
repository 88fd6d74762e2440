import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { nextCount } from '../store/counters.ts';
import { findInventory } from '../store/inventory.ts';
import { readOccupancy } from '../store/playgrounds.ts';
import type { Database } from '../store/schema.ts';

export interface Demand {
  /** Machine memory of the playground, or of all that ask together. */
  readonly ramBytes: number;
  /** The playground itself when it is already counted. */
  readonly playgroundId: string | null;
  readonly playgroundLimit: number;
  /** Playgrounds that ask together. Default: 1. */
  readonly count?: number;
}

/**
 * Checks that the playroom has room. Called inside the transaction that takes the room: those who decide at the same time
 * wait for each other here, so that two cannot take the same memory.
 * @throws PlayhouseError playground-limit, memory-budget, or engine-down when no engine ever said what it has.
 */
export async function checkCapacity(database: Database, demand: Demand): Promise<void> {
  await lockPlacement(database);
  const known = await findInventory(database);
  if (known === null) throw new PlayhouseError('engine-down');
  const taken = await readOccupancy(database, demand.playgroundId);
  if (taken.playgrounds + (demand.count ?? 1) > demand.playgroundLimit) {
    throw new PlayhouseError('playground-limit', {
      limit: demand.playgroundLimit,
      count: taken.playgrounds,
    });
  }
  const budget = known.inventory.memoryBudgetBytes;
  const free = Math.max(0, budget - taken.ramBytes);
  if (demand.ramBytes <= free) return;
  throw new PlayhouseError('memory-budget', {
    needed: formatMemory(demand.ramBytes),
    free: formatMemory(free),
    budget: formatMemory(budget),
  });
}

/** Whoever decides about room, or what stands by, waits here for those who do so at the same time; until the end of the transaction. */
export async function lockPlacement(database: Database): Promise<void> {
  await nextCount(database, 'placement');
}

/** Bytes for people: `512 MiB`, `3.5 GiB`. */
function formatMemory(bytes: number): string {
  const mebibytes = bytes / 2 ** 20;
  if (mebibytes < 1024) return `${Math.floor(mebibytes)} MiB`;
  return `${Math.floor((mebibytes / 1024) * 10) / 10} GiB`;
}
