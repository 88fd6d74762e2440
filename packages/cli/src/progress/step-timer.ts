import type { Step } from '@playhouse/contract/operation';

/** How long each step has taken at any moment, although the list is only told now and then. */
export class StepTimer {
  #steps: readonly Step[] = [];
  #toldAt = 0;

  update(steps: readonly Step[], now: number): void {
    this.#steps = steps;
    this.#toldAt = now;
  }

  /** Milliseconds; 0 for a step that has not begun. A running step goes on from what was last told. */
  elapsed(index: number, now: number): number {
    const step = this.#steps[index];
    const told = step?.durationMs ?? 0;
    return step?.status === 'running' ? told + (now - this.#toldAt) : told;
  }
}
