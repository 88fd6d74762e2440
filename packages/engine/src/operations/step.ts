import type { Progress } from '@playhouse/contract/operation';

/** What a step may say while it runs. */
export interface StepVoice {
  /** Aborted when the operation is cancelled; long waits must heed it. */
  readonly signal: AbortSignal;
  /** What the step is at, in a few words; replaces what it said before. */
  detail(text: string): void;
  progress(progress: Progress): void;
  /** Adds a line to the operation’s log. */
  log(line: string): void;
}

/**
 * One named step of an operation that changes the host.
 *
 * `run` MUST be repeatable: after a crash anywhere inside, running it again from the start ends in the same state.
 * `undo` MUST be repeatable and MUST succeed when nothing, a part or all of the step was done.
 */
export interface Step<Context> {
  readonly label: string;
  run(context: Context, voice: StepVoice): Promise<void>;
  undo?(context: Context): Promise<void>;
  /**
   * True from where there is no way back: a cancellation comes too late then, nothing is undone any more, and an engine that died
   * meanwhile finishes it.
   */
  isPastReturn?(context: Context): boolean;
  /** True for an error of this step after which nothing is undone: what stands is worth more than a clean host. */
  leavesStanding?(error: { readonly code: string }): boolean;
}

/** A voice for steps that run outside an operation: only what they log is heard. */
export function quietVoice(log: (line: string) => void, signal: AbortSignal): StepVoice {
  return { signal, detail: () => {}, progress: () => {}, log };
}
