import type { Step } from '@playhouse/contract/operation';
import { formatDuration } from '../output/duration.ts';
import type { Style } from '../output/style.ts';
import { progressBar, progressText } from './progress-text.ts';
import type { Clock, ProgressRenderer } from './renderer.ts';
import { StepTimer } from './step-timer.ts';

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'] as const;
const frameEvery = 120;
const barWidth = 20;

/** Where a living text is drawn: each call replaces the one before. */
export interface LiveText {
  (text: string): void;
  done(): void;
}

/** Progress for a terminal: the list of steps, redrawn in place, with spinner, bar and running time. */
export class LiveRenderer implements ProgressRenderer {
  readonly #text: LiveText;
  readonly #style: Style;
  readonly #clock: Clock;
  readonly #timer = new StepTimer();
  readonly #stopTicking: () => void;
  #steps: readonly Step[] = [];
  #stopped = false;

  constructor(text: LiveText, style: Style, clock: Clock) {
    this.#text = text;
    this.#style = style;
    this.#clock = clock;
    this.#stopTicking = clock.every(frameEvery, () => this.#draw());
  }

  update(steps: readonly Step[]): void {
    this.#timer.update(steps, this.#clock.now());
    this.#steps = steps;
    this.#draw();
  }

  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#stopTicking();
    this.#draw();
    this.#text.done();
  }

  #draw(): void {
    const width = Math.max(0, ...this.#steps.map((step) => step.label.length));
    this.#text(this.#steps.map((step, index) => this.#line(step, index, width)).join('\n'));
  }

  #line(step: Step, index: number, width: number): string {
    const { green, red, cyan, dim } = this.#style;
    if (step.status === 'pending') return dim(`  ${step.label}`);
    const now = this.#clock.now();
    const frame = frames[Math.floor(now / frameEvery) % frames.length] ?? '';
    const sign = { running: cyan(frame), done: green('✓'), failed: red('✗') }[step.status];
    const time = formatDuration(this.#timer.elapsed(index, now)).padStart(8);
    return `${sign} ${step.label.padEnd(width)} ${time}${this.#facts(step)}`;
  }

  #facts(step: Step): string {
    const { cyan, dim } = this.#style;
    const detail = step.detail === null ? '' : `  ${dim(step.detail)}`;
    if (step.status !== 'running' || step.progress === null) return detail;
    return `  ${cyan(progressBar(step.progress, barWidth))} ${progressText(step.progress)}${detail}`;
  }
}
