// The steps of a command's own work, shown like those of an operation. `playhouse up` mixes both.
import type { Progress, Step } from '@playhouse/contract/operation';
import type { Clock, ProgressRenderer } from './renderer.ts';

/** Tells what a running step is at. */
export type Report = (detail: string | null, progress?: Progress | null) => void;

export class StepList {
  readonly #renderer: ProgressRenderer;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #sections: Step[][] = [];

  constructor(renderer: ProgressRenderer, clock: Pick<Clock, 'now'>) {
    this.#renderer = renderer;
    this.#clock = clock;
  }

  /** Runs one step; its last reported detail stays beside it. Whatever it throws is thrown on. */
  async run<T>(label: string, work: (report: Report) => Promise<T>): Promise<T> {
    const startedAt = this.#clock.now();
    let step: Step = {
      label,
      status: 'running',
      startedAt: new Date(startedAt).toISOString(),
      durationMs: 0,
      detail: null,
      progress: null,
    };
    const set = this.section();
    const change = (part: Partial<Step>): void => {
      step = { ...step, ...part, durationMs: this.#clock.now() - startedAt };
      set([step]);
    };
    change({});
    try {
      const result = await work((detail, progress = null) => change({ detail, progress }));
      change({ status: 'done', progress: null });
      return result;
    } catch (error) {
      change({ status: 'failed', progress: null });
      throw error;
    }
  }

  /** A part of the list that somebody else fills, such as an operation on the server. */
  section(): (steps: readonly Step[]) => void {
    const section: Step[] = [];
    this.#sections.push(section);
    return (steps) => {
      section.splice(0, section.length, ...steps);
      this.#renderer.update(this.#sections.flat());
    };
  }
}
