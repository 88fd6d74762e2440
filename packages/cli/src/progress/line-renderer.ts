import type { Step } from '@playhouse/contract/operation';
import { formatDuration } from '../output/duration.ts';
import type { Output } from '../program/context.ts';
import { progressText } from './progress-text.ts';
import type { Clock, ProgressRenderer } from './renderer.ts';
import { StepTimer } from './step-timer.ts';

const progressEvery = 10_000;

/** Progress for logs and pipes: a line when a step starts and ends, and one each ten seconds while it runs. */
export class LineRenderer implements ProgressRenderer {
  readonly #output: Output;
  readonly #clock: Clock;
  readonly #timer = new StepTimer();
  readonly #seen: Step['status'][] = [];
  readonly #stopTicking: () => void;
  #steps: readonly Step[] = [];
  #lastLineAt: number;

  constructor(output: Output, clock: Clock) {
    this.#output = output;
    this.#clock = clock;
    this.#lastLineAt = clock.now();
    this.#stopTicking = clock.every(1000, () => this.#tick());
  }

  update(steps: readonly Step[]): void {
    this.#timer.update(steps, this.#clock.now());
    this.#steps = steps;
    for (const [index, step] of steps.entries()) this.#show(index, step);
  }

  stop(): void {
    this.#stopTicking();
  }

  #show(index: number, step: Step): void {
    const before = this.#seen[index];
    if (before === step.status || step.status === 'pending') return;
    this.#seen[index] = step.status;
    const time = formatDuration(this.#timer.elapsed(index, this.#clock.now()));
    if (step.status === 'running') this.#line(`• ${step.label} ...`);
    else if (step.status === 'failed') this.#line(`✗ ${step.label}: failed after ${time}`);
    else this.#line(`✓ ${step.label}: ${step.detail === null ? '' : `${step.detail}, `}done in ${time}`);
  }

  #tick(): void {
    const now = this.#clock.now();
    if (now - this.#lastLineAt < progressEvery) return;
    const index = this.#steps.findLastIndex((step) => step.status === 'running');
    const step = this.#steps[index];
    if (step === undefined) return;
    const facts = [step.progress === null ? '' : progressText(step.progress), step.detail ?? ''];
    const time = formatDuration(this.#timer.elapsed(index, now));
    this.#line(`  ${step.label}: ${[...facts, time].filter((fact) => fact !== '').join(', ')}`);
  }

  #line(text: string): void {
    this.#lastLineAt = this.#clock.now();
    this.#output.write(`${text}\n`);
  }
}
