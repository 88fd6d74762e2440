import { cpus, totalmem } from 'node:os';
import type { Configuration } from '@playhouse/contract/configuration';
import type { Inventory } from '@playhouse/contract/link/report';
import type { Accelerator } from '@playhouse/contract/playroom';
import type { PlayroomTools } from './playroom-tools.ts';

const mebibyte = 1024 * 1024;
/** Part of the host’s memory that machines may have when the configuration does not say. */
const defaultMemoryShare = 0.8;

/** Memory that machines may have together. */
export function memoryBudgetBytes({
  memoryBudgetMiB,
}: Pick<Configuration['engine'], 'memoryBudgetMiB'>): number {
  return memoryBudgetMiB > 0 ? memoryBudgetMiB * mebibyte : Math.floor(totalmem() * defaultMemoryShare);
}

/** What this playroom has, as the server is told. */
export async function takeInventory(
  { memoryBudgetMiB }: Pick<Configuration['engine'], 'memoryBudgetMiB'>,
  tools: Pick<PlayroomTools, 'sources' | 'kernels' | 'runsOn'>,
  accelerator: Accelerator | null,
): Promise<Inventory> {
  const [sources, kernels] = await Promise.all([tools.sources.list(), tools.kernels.list()]);
  return {
    accelerator,
    runsOn: tools.runsOn(),
    cpuCount: cpus().length,
    memoryBudgetBytes: memoryBudgetBytes({ memoryBudgetMiB }),
    sources: [...sources],
    kernels: [...kernels],
  };
}
