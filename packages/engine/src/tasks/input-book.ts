import type { PlaygroundRecords } from '../playgrounds/playground-record.ts';

/** What was given to the tasks of one playground, in its record: a fork begins with it, a rewind goes back to it. */
export class InputBook {
  readonly #records: PlaygroundRecords;
  readonly #id: string;

  constructor(records: PlaygroundRecords, id: string) {
    this.#records = records;
    this.#id = id;
  }

  /** Names of the tasks that have one. */
  get given(): ReadonlySet<string> {
    return new Set(Object.keys(this.#inputs));
  }

  of(task: string): string | null {
    return Object.hasOwn(this.#inputs, task) ? (this.#inputs[task] ?? null) : null;
  }

  /** Keeps an input in the place of an earlier one. When this returns it is on disk. */
  async keep(task: string, input: string): Promise<void> {
    await this.#save({ ...this.#inputs, [task]: input });
  }

  async forget(tasks: readonly string[]): Promise<void> {
    const kept = Object.entries(this.#inputs).filter(([task]) => !tasks.includes(task));
    if (kept.length < this.given.size) await this.#save(Object.fromEntries(kept));
  }

  get #inputs(): Readonly<Record<string, string>> {
    return this.#records.get(this.#id)?.inputs ?? {};
  }

  async #save(inputs: Readonly<Record<string, string>>): Promise<void> {
    const record = this.#records.get(this.#id);
    if (record) await this.#records.save({ ...record, inputs });
  }
}
