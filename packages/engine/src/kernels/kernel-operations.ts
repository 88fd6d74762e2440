// How `kernel.add` and `kernel.remove` are carried out: one at a time per kernel.
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { describeOrigin, type KernelOrigin } from '@playhouse/contract/kernel';
import type { Command } from '@playhouse/contract/link/command';
import { Journal } from '../operations/journal.ts';
import type { OperationPlan } from '../operations/operation-queue.ts';
import { runProcedure } from '../operations/procedure.ts';
import { removeTree } from '../system/durable-file.ts';
import { addKernelSteps, type KernelTools } from './add-kernel-steps.ts';

export function planKernelAdd(
  { operationId, kernel, origin }: Extract<Command, { kind: 'kernel.add' }>,
  tools: KernelTools,
): OperationPlan {
  const journalPath = `${tools.journals}/journal-${operationId}.jsonl`;
  return {
    subject: subjectOf(kernel),
    labels: addKernelSteps.map(({ label }) => label),
    rank: 'work',
    run: async (reporter, signal) => {
      const context = { ...tools, operationId, kernel, origin: await chooseOrigin(kernel, origin, tools) };
      const journal = await Journal.open(journalPath);
      try {
        await runProcedure({ kind: 'kernel.add', steps: addKernelSteps, context, journal, reporter, signal });
      } finally {
        await journal.close();
        await tools.changed();
      }
    },
    forget: async () => await removeTree(journalPath),
  };
}

/** @throws PlayhouseError kernel-unknown, kernel-name-reserved */
async function chooseOrigin(
  kernel: string,
  wanted: KernelOrigin | null,
  { workshop: { store } }: KernelTools,
): Promise<KernelOrigin> {
  const official = store.officialOrigin(kernel);
  if (wanted !== null && official !== null)
    throw new PlayhouseError('kernel-name-reserved', { kernel, origin: describeOrigin(official) });
  const origin = wanted ?? official;
  if (origin !== null) return origin;
  await store.find(kernel);
  throw new PlayhouseError('kernel-not-ready', { kernel });
}

const removeLabel = 'Removing the kernel';

export function planKernelRemove(
  { kernel }: Extract<Command, { kind: 'kernel.remove' }>,
  { workshop, usersOf, changed }: KernelTools,
): OperationPlan {
  return {
    subject: subjectOf(kernel),
    labels: [removeLabel],
    // What is being added is not wanted any more.
    rank: 'destroy',
    run: async (reporter, signal) => {
      reporter.begin(removeLabel, signal);
      try {
        signal.throwIfAborted();
        // The server looked too, but a start may have been on its way here.
        const playgrounds = usersOf(kernel).join(', ');
        if (playgrounds !== '') throw new PlayhouseError('kernel-in-use', { kernel, playgrounds });
        await workshop.store.remove(kernel);
        reporter.finish(removeLabel);
      } catch (error) {
        reporter.failStep(removeLabel);
        throw error;
      } finally {
        await changed();
      }
    },
  };
}

function subjectOf(kernel: string): string {
  return `kernel ${kernel}`;
}
