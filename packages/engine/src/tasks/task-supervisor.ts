// Runs the init tasks of one playground: each when what it waits for has succeeded, those that are not `init` again and
// again. What became of them is in the playground's record; an engine that dies while one runs makes the next run it again.
import { EventEmitter, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { type PlannedTask, selectTasks } from '@playhouse/contract/manifest/select-tasks';
import { hasSettled, type Task } from '@playhouse/contract/task';
import { printable } from '../guest/printable.ts';
import { crashPoint } from '../system/crash-point.ts';
import { InputBook } from './input-book.ts';
import { OutputBook } from './output-book.ts';
import { RunSlots } from './run-slots.ts';
import { StatusBoard } from './status-board.ts';
import { taskFailure } from './task-failure.ts';
import { TaskFiles } from './task-files.ts';
import { TaskLedger } from './task-ledger.ts';
import { TaskRunner } from './task-runner.ts';
import type { TaskTools } from './task-tools.ts';
import { afterRun, begun, blocked, initDone, runnable, type TaskStates } from './task-graph.ts';

export interface TaskEvents {
  /** What `describe` gives has changed; told a few times a second at most. */
  readonly changed: () => void;
  /** A task failed for good while nobody waited in `untilInitDone`. */
  readonly failed: (error: PlayhouseError) => Promise<void>;
}

export interface InitProgress {
  readonly done: number;
  readonly total: number;
  /** Names of the init tasks under way. */
  readonly running: readonly string[];
}

const tellEveryMs = 200;

export class TaskSupervisor {
  readonly #tools: TaskTools;
  readonly #id: string;
  readonly #events: TaskEvents;
  readonly #pauseMs: number;
  readonly #files: TaskFiles;
  readonly #ledger: TaskLedger;
  readonly #outputs: OutputBook;
  readonly #inputs: InputBook;
  readonly #board: StatusBoard;
  readonly #runner: TaskRunner;
  readonly #slots = new RunSlots();
  readonly #hints = new Map<string, string | null>();
  /** Tasks that have their loop. */
  readonly #live = new Set<string>();
  readonly #changes = new EventEmitter().setMaxListeners(0);
  #life: AbortController | null = null;
  #failure: PlayhouseError | null = null;
  #awaited = false;
  /** Soon everything will be told. */
  #telling = false;

  /** `guestRoot` is where machines have their files, for tests that have this host in their place. */
  constructor(tools: TaskTools, id: string, events: TaskEvents, { pauseMs = 1000, guestRoot = '' } = {}) {
    this.#tools = tools;
    this.#id = id;
    this.#events = events;
    this.#pauseMs = pauseMs;
    this.#files = new TaskFiles(tools.paths, id);
    this.#ledger = new TaskLedger(tools.records, id);
    this.#outputs = new OutputBook(this.#files);
    this.#inputs = new InputBook(tools.records, id);
    this.#board = new StatusBoard(tools, id, () => this.describe(), guestRoot);
    this.#runner = new TaskRunner(tools, id, {
      files: this.#files,
      ledger: this.#ledger,
      outputs: this.#outputs,
      inputs: this.#inputs,
      board: this.#board,
    });
  }

  /** Begins or goes on. */
  async begin(): Promise<void> {
    if (this.#tasks.length === 0) return;
    await this.#files.prepare();
    if (!this.#life) {
      this.#life = new AbortController();
      void this.#board.keep(this.#life.signal);
    }
    this.#advance();
  }

  /** Kills what runs and runs nothing more, until it is begun again. */
  halt(): void {
    this.#life?.abort();
    this.#life = null;
    this.#runner.forgetDelivered();
  }

  /** Failed tasks may run again; those that take an input with a new one, for theirs may be why they failed. */
  async renew(): Promise<void> {
    this.#failure = null;
    const failed = this.#tasks.filter(({ name }) => this.#ledger.of(name).status === 'failed');
    await this.#inputs.forget(failed.map(({ name }) => name));
    await this.#ledger.renew();
  }

  /** Forgets all that tasks did: the drives on which they did it are gone. */
  async reset(): Promise<void> {
    this.halt();
    this.#failure = null;
    this.#hints.clear();
    this.#outputs.clear();
    await this.#ledger.clear();
    await this.#inputs.forget([...this.#inputs.given]);
    await this.#files.remove();
  }

  /**
   * Waits until every init task has succeeded. After a failure those that run come to their end, and nothing new begins.
   * @throws PlayhouseError task-failed, task-timed-out, task-failcheck, cancelled
   */
  async untilInitDone(signal: AbortSignal, told: (progress: InitProgress) => void): Promise<void> {
    this.#awaited = true;
    try {
      for (;;) {
        if (signal.aborted) throw new PlayhouseError('cancelled', {}, { cause: signal.reason });
        const inits = this.#tasks.filter(({ kind }) => kind === 'init');
        const running = inits.filter(({ name }) => this.#live.has(name)).map(({ name }) => name);
        const done = inits.filter(({ name }) => this.#ledger.of(name).status === 'completed').length;
        told({ done, total: inits.length, running });
        if (this.#failure && running.length === 0) {
          this.halt();
          throw this.#failure;
        }
        if (initDone(inits, this.#ledger.states)) return;
        await once(this.#changes, 'change', { signal }).catch(() => undefined);
      }
    } finally {
      this.#awaited = false;
    }
  }

  /**
   * Gives a task what it waits for, or something else for its next run. When this returns it is on disk.
   * @throws PlayhouseError task-unknown, task-input-refused
   */
  async give(name: string, input: string): Promise<Task> {
    const tasks = this.describe();
    const task = tasks.find((each) => each.name === name);
    if (task === undefined) {
      const known = tasks.map((each) => each.name).join(', ');
      throw new PlayhouseError('task-unknown', { playground: this.#id, task: name, known });
    }
    const reason = refusal(task);
    if (reason !== null)
      throw new PlayhouseError('task-input-refused', { playground: this.#id, task: name, reason });
    await this.#inputs.keep(name, input);
    this.#changed();
    this.#advance();
    return { ...task, input: 'given' };
  }

  /** All tasks as they are now. */
  describe(): Task[] {
    const { given } = this.#inputs;
    return this.#tasks.map(({ name, kind, machine, needs, takesInput, definition }) => {
      const { interruptions: _, ...state } = this.#ledger.of(name);
      return {
        name,
        kind,
        machine,
        user: definition.user,
        needs: [...needs],
        hint: this.#hints.get(name) ?? null,
        input: takesInput ? (given.has(name) ? 'given' : 'awaited') : 'none',
        ...state,
      };
    });
  }

  get #tasks(): readonly PlannedTask[] {
    const order = this.#tools.records.get(this.#id)?.order;
    return order ? selectTasks(order.manifest.playground, order.conditions) : [];
  }

  /** Gives each task that may run its loop. */
  #advance(): void {
    if (!this.#life || this.#failure) return;
    const tasks = this.#tasks;
    const ready = runnable(tasks, this.#ledger.states, this.#inputs.given);
    for (const task of ready) {
      if (this.#live.has(task.name)) continue;
      this.#live.add(task.name);
      void this.#lead(task, this.#life.signal);
    }
    const waiting = tasks.filter(
      (task) => this.#ledger.of(task.name).status === 'created' && !ready.includes(task),
    );
    if (waiting.length > 0)
      void this.#save(Object.fromEntries(waiting.map(({ name }) => [name, blocked(this.#ledger.of(name))])));
  }

  async #lead(task: PlannedTask, life: AbortSignal): Promise<void> {
    try {
      // After a failure nothing new begins.
      while (!life.aborted && !this.#failure) {
        const more = this.#machineRuns(task.machine)
          ? await this.#slots.take(task, async () => await this.#turn(task, life))
          : true;
        if (!more) break;
        await sleep(this.#pauseMs, undefined, { signal: life }).catch(() => undefined);
      }
    } catch (error) {
      // A disk that is full, or a fault of ours: the task cannot be led on, and whoever waits must hear of it.
      await this.#fail(taskFailure(task, this.#id, { reason: String(error), tail: '' }));
    } finally {
      this.#live.delete(task.name);
      this.#changed();
      this.#advance();
    }
  }

  /** Runs a task once; tells whether it is to run again. */
  async #turn(task: PlannedTask, life: AbortSignal): Promise<boolean> {
    if (life.aborted || this.#failure) return false;
    const { name, kind } = task;
    await this.#save({ [name]: begun(this.#ledger.of(name), new Date().toISOString()) });
    const run = await this.#runner.run(task, life);
    if (life.aborted) return false;
    if (kind === 'init') crashPoint('init-task/ran');
    const state = afterRun(task, this.#ledger.of(name), run.outcome, new Date().toISOString());
    if (state.status === 'completed') await this.#outputs.keep(name, run, this.#isNeeded(name));
    this.#hints.set(name, run.hint === null ? null : printable(run.hint));
    await this.#save({ [name]: state });
    if (kind === 'init') crashPoint('init-task/saved');
    this.#advance();
    if (state.status === 'failed') await this.#fail(taskFailure(task, this.#id, run));
    return kind === 'helper' ? state.status !== 'failed' : state.status === 'running';
  }

  #machineRuns(name: string): boolean {
    const machine = this.#tools.records.get(this.#id)?.machines.find((each) => each.name === name);
    return machine?.state === 'running' && machine.process !== null;
  }

  #isNeeded(name: string): boolean {
    return this.#tasks.some(({ needs }) => needs.includes(name));
  }

  async #save(states: TaskStates): Promise<void> {
    await this.#ledger.write(states);
    this.#changed();
  }

  async #fail(error: PlayhouseError): Promise<void> {
    if (this.#failure) return;
    this.#failure = error;
    this.#changed();
    if (this.#awaited) return;
    this.halt();
    await this.#events.failed(error);
  }

  #changed(): void {
    this.#changes.emit('change');
    this.#board.change();
    if (this.#telling) return;
    this.#telling = true;
    setTimeout(() => {
      this.#telling = false;
      this.#events.changed();
    }, tellEveryMs).unref();
  }
}

/** Why a task takes no input, or none any more; null when it does. A helper goes on after it has succeeded. */
function refusal({ input, kind, status }: Task): string | null {
  if (input === 'none') return 'it has no `x(.input)` and no `destination`';
  const over = kind === 'helper' ? status === 'failed' : hasSettled(status);
  return over ? `it has ${status} and is not run any more` : null;
}
