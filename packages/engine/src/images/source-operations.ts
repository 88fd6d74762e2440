// How the operations on sources from registries are carried out.
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { canonicalSource } from '@playhouse/contract/image-reference';
import type { Command } from '@playhouse/contract/link/command';
import type { OperationPlan } from '../operations/operation-queue.ts';
import type { OperationReporter } from '../operations/operation-reporter.ts';
import type { StepVoice } from '../operations/step.ts';
import type { ImagePulls } from './image-pulls.ts';
import { type PullPhase, pullPhases } from './pull-image.ts';
import type { SourceStore } from './source-store.ts';

export interface SourceOperationTools {
  readonly sources: SourceStore;
  readonly pulls: ImagePulls;
  /** Names of the playgrounds that need a source. */
  readonly usersOf: (source: string) => readonly string[];
  /** Called when the sources have changed. */
  readonly changed: () => Promise<void>;
}

/** A pull needs no journal: run again after a crash it fetches what is missing, and ends as the first would have. */
export function planPull(
  { source }: Extract<Command, { kind: 'source.pull' }>,
  { pulls }: Pick<SourceOperationTools, 'pulls'>,
): OperationPlan {
  return {
    subject: `source/${canonicalSource(source)}`,
    labels: pullPhases,
    rank: 'work',
    run: async (reporter, signal) => {
      const steps = new PhaseSteps(reporter, signal);
      try {
        await pulls.pull(source, { signal, ...steps.listener });
        steps.succeed();
      } catch (error) {
        steps.fail();
        throw error;
      }
    },
  };
}

const removing = 'Removing the base layer';

export function planRemove(
  { source }: Extract<Command, { kind: 'source.remove' }>,
  { sources, usersOf, changed }: SourceOperationTools,
): OperationPlan {
  return {
    subject: `source/${canonicalSource(source)}`,
    labels: [removing],
    rank: 'work',
    run: async (reporter, signal) => {
      reporter.begin(removing, signal);
      const users = usersOf(source);
      if (users.length > 0) {
        reporter.failStep(removing);
        throw new PlayhouseError('source-in-use', { source, users: users.join(', ') });
      }
      await sources.remove(source);
      await changed();
      reporter.finish(removing);
    },
  };
}

/** Tells the phases of a pull as the steps of an operation. */
class PhaseSteps {
  readonly #reporter: OperationReporter;
  readonly #signal: AbortSignal;
  #label: PullPhase | null = null;
  #voice: StepVoice | null = null;

  constructor(reporter: OperationReporter, signal: AbortSignal) {
    this.#reporter = reporter;
    this.#signal = signal;
  }

  readonly listener = {
    phase: (label: PullPhase): void => {
      this.#finish();
      this.#label = label;
      this.#voice = this.#reporter.begin(label, this.#signal);
    },
    detail: (text: string): void => this.#voice?.detail(text),
    progress: (progress: Parameters<StepVoice['progress']>[0]): void => this.#voice?.progress(progress),
    log: (line: string): void => this.#reporter.log(line),
  };

  /** Steps that were not needed count as done. */
  succeed(): void {
    this.#finish();
    const last = this.#label === null ? -1 : pullPhases.indexOf(this.#label);
    for (const label of pullPhases.slice(last + 1)) this.#reporter.skip(label);
  }

  fail(): void {
    this.#reporter.failStep(this.#label ?? pullPhases[0]);
  }

  #finish(): void {
    if (this.#label !== null) this.#reporter.finish(this.#label);
  }
}
