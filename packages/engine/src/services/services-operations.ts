// How the operations on playgrounds of services are carried out; the queue sees to their order, as with those of machines.
import type { Command } from '@playhouse/contract/link/command';
import type { OperationKind } from '@playhouse/contract/operation';
import type { OperationPlan, OperationRank } from '../operations/operation-queue.ts';
import type { Step } from '../operations/step.ts';
import type { ServicesContext } from './services-context.ts';
import type { ServicesPlaygrounds, ServicesWork } from './services-playgrounds.ts';
import {
  destroyServicesSteps,
  hardRestartSteps,
  rolloutSteps,
  startServicesSteps,
  stopServicesSteps,
} from './services-steps.ts';

export type ServicesCommand = Extract<Command, { kind: `services.${string}` }>;

interface Undertaking {
  readonly kind: OperationKind;
  readonly steps: readonly Step<ServicesContext>[];
  readonly rank: OperationRank;
  readonly run: (work: ServicesWork) => Promise<void>;
}

export function planServices(command: ServicesCommand, playgrounds: ServicesPlaygrounds): OperationPlan {
  const { operationId } = command;
  const id = 'playground' in command ? command.playground.id : command.playgroundId;
  const { kind, steps, rank, run } = undertakingOf(command, playgrounds);
  return {
    subject: id,
    labels: steps.map(({ label }) => label),
    rank,
    run: async (reporter, signal) => await run({ kind, id, operationId, reporter, signal }),
    forget: async () => await playgrounds.forget({ id, operationId }),
  };
}

function undertakingOf(command: ServicesCommand, playgrounds: ServicesPlaygrounds): Undertaking {
  switch (command.kind) {
    case 'services.start':
      return {
        kind: command.again ? 'playground.restart' : 'playground.start',
        ...{ steps: startServicesSteps, rank: 'work' },
        run: async (work) => await playgrounds.start(command.playground, work),
      };
    case 'services.rollout':
      return {
        kind: command.hard ? 'playground.hard-restart' : 'playground.rollout',
        ...{ steps: command.hard ? hardRestartSteps : rolloutSteps, rank: 'work' },
        run: async (work) => await playgrounds.rollOut(command.playground, command.hard, work),
      };
    case 'services.stop':
      return {
        ...{ kind: 'playground.stop', steps: stopServicesSteps, rank: 'stop' },
        run: async (work) => await playgrounds.stop(work),
      };
    default:
      return {
        // `services.destroy`
        ...{ kind: 'playground.destroy', steps: destroyServicesSteps, rank: 'destroy' },
        // Cannot be cancelled.
        run: async (work) => {
          const { signal } = new AbortController();
          await playgrounds.destroy({ ...work, signal });
        },
      };
  }
}
