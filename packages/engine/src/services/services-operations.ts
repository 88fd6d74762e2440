// How the operations on playgrounds of services are carried out; the queue sees to their order, as with those of machines.
import type { Command } from '@playhouse/contract/link/command';
import type { OperationPlan } from '../operations/operation-queue.ts';
import {
  destroyServicesSteps,
  type ServicesPlaygrounds,
  startServicesSteps,
  stopServicesSteps,
} from './services-playgrounds.ts';

type CommandOf<K extends Command['kind']> = Extract<Command, { kind: K }>;
const labelsOf = (steps: readonly { readonly label: string }[]) => steps.map(({ label }) => label);

export function planServicesStart(
  { operationId, playground, again }: CommandOf<'services.start'>,
  playgrounds: ServicesPlaygrounds,
): OperationPlan {
  const kind = again ? 'playground.restart' : 'playground.start';
  const work = { kind, id: playground.id, operationId };
  return {
    subject: playground.id,
    labels: labelsOf(startServicesSteps),
    rank: 'work',
    run: async (reporter, signal) => await playgrounds.start(playground, { ...work, reporter, signal }),
    forget: async () => await playgrounds.forget(work),
  };
}

export function planServicesStop(
  { kind, operationId, playgroundId: id }: CommandOf<'playground.stop'>,
  playgrounds: ServicesPlaygrounds,
): OperationPlan {
  return {
    subject: id,
    labels: labelsOf(stopServicesSteps),
    rank: 'stop',
    run: async (reporter, signal) => await playgrounds.stop({ kind, id, operationId, reporter, signal }),
    forget: async () => await playgrounds.forget({ id, operationId }),
  };
}

export function planServicesDestroy(
  { kind, operationId, playgroundId: id }: CommandOf<'playground.destroy'>,
  playgrounds: ServicesPlaygrounds,
): OperationPlan {
  return {
    subject: id,
    labels: labelsOf(destroyServicesSteps),
    rank: 'destroy',
    // Cannot be cancelled.
    run: async (reporter) => {
      const { signal } = new AbortController();
      await playgrounds.destroy({ kind, id, operationId, reporter, signal });
    },
  };
}
