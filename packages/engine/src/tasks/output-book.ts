import type { TaskOutput } from './render-script.ts';
import type { TaskFiles } from './task-files.ts';

type Streams = Pick<TaskOutput, 'stdout' | 'stderr'>;

/** What tasks printed when they last succeeded, for those that need them: in memory, and on disk for the next engine. */
export class OutputBook {
  readonly #files: TaskFiles;
  readonly #known = new Map<string, Streams>();

  constructor(files: TaskFiles) {
    this.#files = files;
  }

  /** Keeps what a task printed if anybody wants it. When this returns it is on disk. */
  async keep(task: string, { stdout, stderr }: Streams, wanted: boolean): Promise<void> {
    const known = this.#known.get(task);
    if (!wanted || (known?.stdout === stdout && known.stderr === stderr)) return;
    await this.#files.saveOutput(task, { stdout, stderr });
    this.#known.set(task, { stdout, stderr });
  }

  async read(
    tasks: readonly string[],
    more: (task: string) => Omit<TaskOutput, keyof Streams>,
  ): Promise<Readonly<Record<string, TaskOutput>>> {
    const entries = tasks.map(async (task) => {
      const streams = this.#known.get(task) ?? (await this.#files.output(task));
      this.#known.set(task, streams);
      return [task, { ...streams, ...more(task) }] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
  }

  clear(): void {
    this.#known.clear();
  }
}
