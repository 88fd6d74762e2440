import type { Step } from '@playhouse/contract/operation';
import type { Output } from '../program/context.ts';
import type { ProgressRenderer } from './renderer.ts';

/** Progress for programs: `{"type":"step",…}` on a line of its own whenever a step changes. */
export class JsonRenderer implements ProgressRenderer {
  readonly #output: Output;
  readonly #shown: string[] = [];

  constructor(output: Output) {
    this.#output = output;
  }

  update(steps: readonly Step[]): void {
    for (const [index, { label, status, detail, progress, durationMs }] of steps.entries()) {
      const key = JSON.stringify([label, status, detail, progress]);
      if (status === 'pending' || this.#shown[index] === key) continue;
      this.#shown[index] = key;
      this.#output.write(
        `${JSON.stringify({ type: 'step', label, status, durationMs, detail, progress })}\n`,
      );
    }
  }

  stop(): void {
    // Every line is out already.
  }
}
