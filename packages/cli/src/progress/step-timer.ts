import type { Step } from '@playhouse/contract/operation';

interface Told {
  readonly durationMs: number;
  readonly at: number;
}

/** How long each step has taken at any moment, although the list is only told now and then. */
export class StepTimer {
  #steps: readonly Step[] = [];
  readonly #told: Told[] = [];

  update(steps: readonly Step[], now: number): void {
    this.#steps = steps;
    for (const [index, step] of steps.entries()) {
      const durationMs = step.durationMs ?? 0;
      // A repeated state carries an old duration: a running step never gets younger.
      if (step.status === 'running' && this.#told[index] && durationMs <= this.#grown(index, now)) continue;
      this.#told[index] = { durationMs, at: now };
    }
  }

  /** Milliseconds; 0 for a step that has not begun. A running step goes on from what was last told. */
  elapsed(index: number, now: number): number {
    const step = this.#steps[index];
    if (step === undefined || step.status === 'pending') return 0;
    return step.status === 'running' ? this.#grown(index, now) : (this.#told[index]?.durationMs ?? 0);
  }

  #grown(index: number, now: number): number {
    const told = this.#told[index];
    return told === undefined ? 0 : told.durationMs + (now - told.at);
  }
}
