// How the operations on playgrounds are carried out: one at a time per playground; a stop ends whatever else goes on, and
// a destroy ends that.
import type { Command } from '@playhouse/contract/link/command';
import type { OperationPlan } from '../operations/operation-queue.ts';
import { type MachineCommand, machineSteps } from './machine-steps.ts';
import type { Playgrounds } from './playgrounds.ts';
import { startStepsOf } from './start/start-steps.ts';
import { stopSteps } from './stop/stop-steps.ts';

type CommandOf<K extends Command['kind']> = Extract<Command, { kind: K }>;

/** A restart is a start from drives that are there. */
export function planStart(
  { kind, operationId, playground }: CommandOf<'playground.start' | 'playground.restart'>,
  playgrounds: Playgrounds,
): OperationPlan {
  const work = { kind, id: playground.id, operationId };
  return {
    subject: playground.id,
    labels: startStepsOf(playground).map(({ label }) => label),
    rank: 'work',
    run: async (reporter, signal) => await playgrounds.start(playground, { ...work, reporter, signal }),
    forget: async () => await playgrounds.forget(work),
  };
}

export function planStop(
  { kind, operationId, playgroundId, force }: CommandOf<'playground.stop'>,
  playgrounds: Playgrounds,
): OperationPlan {
  const work = { kind, id: playgroundId, operationId };
  return {
    subject: playgroundId,
    labels: stopSteps(force).map(({ label }) => label),
    rank: 'stop',
    run: async (reporter, signal) => await playgrounds.stop(stopSteps(force), { ...work, reporter, signal }),
    forget: async () => await playgrounds.forget(work),
  };
}

export function planMachine(command: MachineCommand, playgrounds: Playgrounds): OperationPlan {
  const { kind, operationId, playgroundId, machine } = command;
  const work = { kind, id: playgroundId, operationId };
  const steps = machineSteps(command);
  return {
    subject: playgroundId,
    labels: steps.map(({ label }) => label),
    rank: 'work',
    run: async (reporter, signal) => await playgrounds.operate(machine, steps, { ...work, reporter, signal }),
    forget: async () => await playgrounds.forget(work),
  };
}

export function planDestroy(
  { operationId, playgroundId }: CommandOf<'playground.destroy'>,
  playgrounds: Playgrounds,
): OperationPlan {
  return {
    subject: playgroundId,
    labels: playgrounds.destroyLabels,
    rank: 'destroy',
    run: async (reporter) => await playgrounds.destroy(playgroundId, operationId, reporter),
  };
}
