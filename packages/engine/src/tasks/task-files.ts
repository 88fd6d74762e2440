// What tasks leave on disk beside the record: logs for people, outputs for the tasks that need them.
import { makePrivateDirectory, readTextIfPresent, removeTree, writeDurably } from '../system/durable-file.ts';
import type { EnginePaths } from '../system/engine-paths.ts';
import type { TaskOutput } from './render-script.ts';

export class TaskFiles {
  readonly #folder: string;

  constructor(paths: Pick<EnginePaths, 'tasks'>, playgroundId: string) {
    this.#folder = paths.tasks(playgroundId);
  }

  log(task: string): string {
    return `${this.#folder}/${task}.log`;
  }

  async prepare(): Promise<void> {
    await makePrivateDirectory(this.#folder);
  }

  /** Keeps what a task that succeeded printed, durably: before it counts as completed. */
  async saveOutput(task: string, { stdout, stderr }: Pick<TaskOutput, 'stdout' | 'stderr'>): Promise<void> {
    await writeDurably(`${this.#folder}/${task}.stdout`, stdout);
    await writeDurably(`${this.#folder}/${task}.stderr`, stderr);
  }

  async output(task: string): Promise<Pick<TaskOutput, 'stdout' | 'stderr'>> {
    const [stdout, stderr] = await Promise.all(
      ['stdout', 'stderr'].map((stream) => readTextIfPresent(`${this.#folder}/${task}.${stream}`)),
    );
    return { stdout: stdout ?? '', stderr: stderr ?? '' };
  }

  /** Forgets it all: the drives on which the tasks ran are gone. */
  async remove(): Promise<void> {
    await removeTree(this.#folder);
  }
}
