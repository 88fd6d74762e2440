// How a `source.bake` operation is carried out.
import type { Command } from '@playhouse/contract/link/command';
import { Journal } from '../operations/journal.ts';
import type { OperationPlan } from '../operations/operation-queue.ts';
import { runProcedure } from '../operations/procedure.ts';
import { removeTree } from '../system/durable-file.ts';
import { type BakeContext, bakeSteps } from './bake-source.ts';

export interface BakeTools extends Omit<BakeContext, 'operationId' | 'recipe'> {
  /** Folder of the journals of bakes. */
  readonly journals: string;
  /** Called when sources or kernels may have changed, however the bake ended. */
  readonly changed: () => Promise<void>;
}

/** All bakes share one subject: kernels are installed by them, and mmdebstrap wants the whole disk. */
export function planBake(
  { operationId, source }: Extract<Command, { kind: 'source.bake' }>,
  { journals, changed, ...tools }: BakeTools,
): OperationPlan {
  const journalPath = `${journals}/journal-${operationId}.jsonl`;
  return {
    subject: 'images',
    labels: bakeSteps.map(({ label }) => label),
    rank: 'work',
    run: async (reporter, signal) => {
      const context = { ...tools, operationId, recipe: tools.sources.recipe(source) };
      const journal = await Journal.open(journalPath);
      try {
        await runProcedure({ kind: 'source.bake', steps: bakeSteps, context, journal, reporter, signal });
      } finally {
        await journal.close();
        await changed();
      }
    },
    forget: async () => await removeTree(journalPath),
  };
}
