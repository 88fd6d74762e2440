// How the operations on playgrounds are carried out: one at a time per playground; a stop ends whatever else goes on, and
// a destroy ends that.
import type { Command } from '@playhouse/contract/link/command';
import type { OperationPlan, OperationRank } from '../operations/operation-queue.ts';
import type { Step } from '../operations/step.ts';
import { letSettle } from './cut/let-settle.ts';
import { rewindSteps } from './cut/rewind-steps.ts';
import { takeSnapshot } from './cut/take-snapshot.ts';
import { type MachineCommand, machineSteps } from './machine-steps.ts';
import type { Playgrounds, Work } from './playgrounds.ts';
import type { StartContext } from './start/start-context.ts';
import { startStepsOf } from './start/start-steps.ts';
import { stopSteps, suspendSteps } from './stop/stop-steps.ts';

type CommandOf<K extends Command['kind']> = Extract<Command, { kind: K }>;

/**
 * A restart is a start from drives that are there. So is the retry of one that failed: what its drives lie on may be only in the
 * vault.
 */
export function planStart(
  command: CommandOf<'playground.start' | 'playground.restart'>,
  playgrounds: Playgrounds,
): OperationPlan {
  const { kind, operationId, playground } = command;
  const cold = command.kind === 'playground.restart' && command.cold;
  const again = kind === 'playground.restart' || playgrounds.liesOnSnapshot(playground.id);
  const steps = startStepsOf(playground, { again, cold });
  return plan({ kind, id: playground.id, operationId }, 'work', steps, playgrounds, async (work) => {
    await playgrounds.start(playground, steps, work);
  });
}

export function planStop(
  { kind, operationId, playgroundId, force }: CommandOf<'playground.stop'>,
  playgrounds: Playgrounds,
): OperationPlan {
  const steps = stopSteps(force, operationId);
  return plan({ kind, id: playgroundId, operationId }, 'stop', steps, playgrounds, async (work) => {
    await playgrounds.stop(steps, work);
  });
}

export function planSuspend(
  { kind, operationId, playgroundId }: CommandOf<'playground.suspend'>,
  playgrounds: Playgrounds,
): OperationPlan {
  const steps = suspendSteps(operationId);
  return plan({ kind, id: playgroundId, operationId }, 'work', steps, playgrounds, async (work) => {
    await playgrounds.suspend(steps, work);
  });
}

export function planSnapshot(
  { kind, operationId, playgroundId, origin, memory, savedAs }: CommandOf<'playground.snapshot'>,
  playgrounds: Playgrounds,
): OperationPlan {
  const cut = takeSnapshot({ id: operationId, origin, memory, savedAs });
  const steps = origin === 'prewarm' ? [letSettle, cut] : [cut];
  return plan({ kind, id: playgroundId, operationId }, 'work', steps, playgrounds, async (work) => {
    await playgrounds.cut(steps, work);
  });
}

export function planRewind(
  { kind, operationId, playground, snapshotId, cold }: CommandOf<'playground.rewind'>,
  playgrounds: Playgrounds,
): OperationPlan {
  const steps = rewindSteps(operationId, { snapshotId, cold });
  return plan({ kind, id: playground.id, operationId }, 'work', steps, playgrounds, async (work) => {
    await playgrounds.start(playground, steps, work);
  });
}

export function planMachine(command: MachineCommand, playgrounds: Playgrounds): OperationPlan {
  const { kind, operationId, playgroundId, machine } = command;
  const steps = machineSteps(command);
  return plan({ kind, id: playgroundId, operationId }, 'work', steps, playgrounds, async (work) => {
    await playgrounds.operate(machine, steps, work);
  });
}

function plan(
  work: Pick<Work, 'kind' | 'id' | 'operationId'>,
  rank: OperationRank,
  steps: readonly Step<StartContext>[],
  playgrounds: Playgrounds,
  carryOut: (work: Work) => Promise<void>,
): OperationPlan {
  return {
    subject: work.id,
    labels: steps.map(({ label }) => label),
    rank,
    run: async (reporter, signal) => await carryOut({ ...work, reporter, signal }),
    forget: async () => await playgrounds.forget(work),
  };
}

export function planDestroy(
  { operationId, playgroundId }: CommandOf<'playground.destroy'>,
  playgrounds: Playgrounds,
  /** Removes what only it needed. */
  cleanUp: () => Promise<void>,
): OperationPlan {
  return {
    subject: playgroundId,
    labels: playgrounds.destroyLabels,
    rank: 'destroy',
    run: async (reporter) => {
      await playgrounds.destroy(playgroundId, operationId, reporter);
      await cleanUp();
    },
  };
}
