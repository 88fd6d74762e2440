import type { Step } from '@playhouse/contract/operation';

/**
 * Shows a list of steps as it changes. One per command run: on a terminal as a living list, elsewhere as plain lines, for
 * programs as JSON lines.
 */
export interface ProgressRenderer {
  /** The whole list as it is now; steps keep their position. */
  update(steps: readonly Step[]): void;
  /** Draws the last state and lets go of the terminal. Harmless when called twice. */
  stop(): void;
}

/** The clock of a renderer: milliseconds, and a repeating call. */
export interface Clock {
  readonly now: () => number;
  readonly every: (milliseconds: number, call: () => void) => () => void;
}

export const systemClock: Clock = {
  now: Date.now,
  every: (milliseconds, call) => {
    const timer = setInterval(call, milliseconds);
    return () => clearInterval(timer);
  },
};
