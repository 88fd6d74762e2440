// How the operations on playgrounds of services are carried out; the queue sees to their order, as with those of machines.
import type { Command } from '@playhouse/contract/link/command';
import type { OperationKind } from '@playhouse/contract/operation';
import type { OperationPlan, OperationRank } from '../operations/operation-queue.ts';
import type { Step } from '../operations/step.ts';
import type { ServicesContext } from './services-context.ts';
import type { ServicesPlaygrounds } from './services-playgrounds.ts';
import type { ServicesWork } from './services-work.ts';
import {
  destroyServicesSteps,
  restoreServicesSteps,
  retryServicesSteps,
  rewindServicesSteps,
  rolloutWays,
  startServicesSteps,
  stopServicesSteps,
} from './services-steps.ts';
import { cutVolumes } from './volumes/cut-volumes.ts';

export type ServicesCommand = Extract<
  Command,
  { kind: `services.${string}` } | { kind: 'playground.snapshot' }
>;

interface Undertaking {
  readonly kind: OperationKind;
  readonly steps: readonly Step<ServicesContext>[];
  readonly rank: OperationRank;
  readonly run: (work: ServicesWork) => Promise<void>;
}

export function planServices(
  command: ServicesCommand,
  playgrounds: ServicesPlaygrounds,
  /** Removes what only a playground needed that is gone. */
  cleanUp: () => Promise<void>,
): OperationPlan {
  const { operationId } = command;
  const id = 'playground' in command ? command.playground.id : command.playgroundId;
  const { kind, steps, rank, run } = undertakingOf(command, playgrounds, cleanUp);
  return {
    subject: id,
    labels: steps.map(({ label }) => label),
    rank,
    run: async (reporter, signal) => {
      await playgrounds.giveWay(id);
      await run({ kind, id, operationId, reporter, signal });
    },
    forget: async () => await playgrounds.forget({ id, operationId }),
  };
}

function undertakingOf(
  command: ServicesCommand,
  playgrounds: ServicesPlaygrounds,
  cleanUp: () => Promise<void>,
): Undertaking {
  switch (command.kind) {
    case 'services.start': {
      const { playground, again } = command;
      const restores = again || playground.from !== null || playgrounds.liesOnSnapshot(playground.id);
      const ofSnapshot = again ? restoreServicesSteps : retryServicesSteps;
      const steps = restores ? ofSnapshot : startServicesSteps;
      return {
        kind: again ? 'playground.restart' : 'playground.start',
        ...{ steps, rank: 'work' },
        run: async (work) => await playgrounds.start(playground, steps, work),
      };
    }
    case 'playground.snapshot': {
      const { operationId, origin, savedAs } = command;
      const steps = [cutVolumes({ id: operationId, origin, savedAs })];
      return {
        ...{ kind: command.kind, steps, rank: 'work' },
        run: async (work) => await playgrounds.cut(steps, work),
      };
    }
    case 'services.rewind': {
      const steps = rewindServicesSteps(command.operationId, command.snapshotId);
      return {
        ...{ kind: 'playground.rewind', steps, rank: 'work' },
        run: async (work) => await playgrounds.rewind(command.playground, steps, work),
      };
    }
    case 'services.rollout':
      return rolloutOf(command, playgrounds);
    case 'services.stop': {
      const steps = stopServicesSteps(command.operationId, command.force);
      return {
        ...{ kind: 'playground.stop', steps, rank: 'stop' },
        run: async (work) => await playgrounds.stop(steps, work),
      };
    }
    default:
      return {
        // `services.destroy`
        ...{ kind: 'playground.destroy', steps: destroyServicesSteps, rank: 'destroy' },
        // Cannot be cancelled.
        run: async (work) => {
          const { signal } = new AbortController();
          if (command.keepWork) await playgrounds.kept.requireNone(work);
          await playgrounds.destroy({ ...work, signal });
          await cleanUp();
        },
      };
  }
}

function rolloutOf(
  { playground, ...how }: Extract<ServicesCommand, { kind: 'services.rollout' }>,
  playgrounds: ServicesPlaygrounds,
): Undertaking {
  const [way, kind] = wayOf(how);
  return {
    ...{ kind, steps: rolloutWays[way], rank: 'work' },
    run: async (work) => await playgrounds.rollOut(playground, way, work),
  };
}

function wayOf({ hard, heal, mend }: { readonly [how in 'hard' | 'heal' | 'mend']: boolean }) {
  if (heal) return ['heal', 'playground.heal'] as const;
  if (hard) return [mend ? 'mendHard' : 'hard', 'playground.hard-restart'] as const;
  return [mend ? 'mend' : 'rollout', 'playground.rollout'] as const;
}
