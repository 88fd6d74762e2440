import type { PlaygroundRecords } from '../playgrounds/playground-record.ts';
import { renewed, stateOf, type TaskState, type TaskStates } from './task-graph.ts';

/** How far the tasks of one playground came, in its record. A change shows when it is on disk, and not before. */
export class TaskLedger {
  readonly #records: PlaygroundRecords;
  readonly #id: string;
  /** What tasks were before a change that is still being written: an engine that dies then finds them so. */
  readonly #unwritten = new Map<string, TaskState>();

  constructor(records: PlaygroundRecords, id: string) {
    this.#records = records;
    this.#id = id;
  }

  get states(): TaskStates {
    const { tasks = {} } = this.#records.get(this.#id) ?? {};
    return { ...tasks, ...Object.fromEntries(this.#unwritten) };
  }

  of(name: string): TaskState {
    return stateOf(this.states, name);
  }

  /** Writes changes down; what is already so costs nothing. */
  async write(states: TaskStates): Promise<void> {
    const record = this.#records.get(this.#id);
    const changed = Object.entries(states).filter(([name, state]) => !isSame(state, record?.tasks[name]));
    if (!record || changed.length === 0) return;
    for (const [name] of changed) this.#unwritten.set(name, stateOf(record.tasks, name));
    try {
      await this.#records.save({ ...record, tasks: { ...record.tasks, ...Object.fromEntries(changed) } });
    } finally {
      for (const [name] of changed) this.#unwritten.delete(name);
    }
  }

  /** Failed tasks begin a new attempt. */
  async renew(): Promise<void> {
    await this.write(renewed(this.states));
  }

  /** Forgets everything. */
  async clear(): Promise<void> {
    const record = this.#records.get(this.#id);
    if (record) await this.#records.save({ ...record, tasks: {} });
  }
}

function isSame(one: TaskState, other: TaskState | undefined): boolean {
  return other !== undefined && JSON.stringify(one) === JSON.stringify(other);
}
