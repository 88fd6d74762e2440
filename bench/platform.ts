// Starts playgrounds by the `playhouse` command, as a user would.
import type { Installation } from '../tests/end-to-end/support/installation.ts';
import { repository } from '../tests/end-to-end/support/locations.ts';
import { timed } from './measure.ts';

const command = `${repository}/playhouse`;

export class Platform {
  readonly name = 'platform';
  readonly #installation: Installation;
  readonly #words: readonly string[];
  readonly #machines: readonly string[];
  /** Milliseconds of each step of the latest start. */
  steps: Readonly<Record<string, number>> = {};

  /** `words` follow `playground start`; an SSH command is run on each of the machines. */
  constructor(installation: Installation, words: readonly string[], machines: readonly string[]) {
    this.#installation = installation;
    this.#words = words;
    this.#machines = machines;
  }

  /** Seconds from the command to an answer of every machine. The playground is destroyed afterwards. */
  async start(): Promise<number> {
    const began = performance.now();
    const id = await this.begin();
    await Promise.all(
      this.#machines.map(
        async (name) => await timed([command, 'ssh', id, '-m', name, '--', 'true'], this.#installation.env),
      ),
    );
    const seconds = (performance.now() - began) / 1000;
    const { operationId } = await this.#installation.playground(id);
    const { steps } = await this.#installation.ended(operationId);
    this.steps = Object.fromEntries(steps.map(({ label, durationMs }) => [label, durationMs ?? 0]));
    await this.#installation.destroy(id);
    return seconds;
  }

  /** Starts one and gives its id. */
  async begin(): Promise<string> {
    const words = ['playground', 'start', ...this.#words, '-q'];
    return (await timed([command, ...words], this.#installation.env)).stdout.trim();
  }
}
