// How the operations on playgrounds are carried out: one at a time per playground, a destroy ends whatever else goes on.
import type { Command } from '@playhouse/contract/link/command';
import type { OperationPlan } from '../operations/operation-queue.ts';
import type { Playgrounds } from './playgrounds.ts';

export function planStart(
  { operationId, playground }: Extract<Command, { kind: 'playground.start' }>,
  playgrounds: Playgrounds,
): OperationPlan {
  return {
    subject: playground.id,
    labels: playgrounds.startLabels,
    supersedes: false,
    run: async (reporter, signal) => await playgrounds.start(playground, operationId, reporter, signal),
    forget: async () => await playgrounds.forgetStart(playground.id, operationId),
  };
}

export function planDestroy(
  { operationId, playgroundId }: Extract<Command, { kind: 'playground.destroy' }>,
  playgrounds: Playgrounds,
): OperationPlan {
  return {
    subject: playgroundId,
    labels: playgrounds.destroyLabels,
    supersedes: true,
    run: async (reporter) => await playgrounds.destroy(playgroundId, operationId, reporter),
  };
}
