import type { PlannedTask } from '@playhouse/contract/manifest/select-tasks';
import { agentPlace } from '../playgrounds/machine-specification.ts';
import { planPlayground } from '../playgrounds/playground-plan.ts';
import type { InputBook } from './input-book.ts';
import type { OutputBook } from './output-book.ts';
import { RunDiary } from './run-diary.ts';
import { runTask, type TaskRun, type UndeliveredInput } from './run-task.ts';
import type { StatusBoard } from './status-board.ts';
import type { TaskFiles } from './task-files.ts';
import type { TaskLedger } from './task-ledger.ts';
import type { TaskTools } from './task-tools.ts';

/** What a run needs to know of its playground. */
export interface RunnerBooks {
  readonly files: TaskFiles;
  readonly ledger: TaskLedger;
  readonly outputs: OutputBook;
  readonly inputs: InputBook;
  readonly board: StatusBoard;
}

/** How long an agent may be away before a run counts as interrupted. */
const agentPatienceMs = 30_000;

/** Brings single runs of a playground's tasks to their machines, with the values they are to have, and writes them down. */
export class TaskRunner {
  readonly #tools: TaskTools;
  readonly #id: string;
  readonly #books: RunnerBooks;
  readonly #diaries = new Map<string, RunDiary>();
  /** The input that each task's `destination` holds, as far as this engine knows: it is not written over without need. */
  readonly #delivered = new Map<string, string>();

  constructor(tools: TaskTools, id: string, books: RunnerBooks) {
    this.#tools = tools;
    this.#id = id;
    this.#books = books;
  }

  /** The drives may be others now: nothing is known of what is on them. */
  forgetDelivered(): void {
    this.#delivered.clear();
  }

  /** Runs the task once. A machine that is not there, or goes away, makes it an interrupted run. */
  async run(task: PlannedTask, life: AbortSignal): Promise<TaskRun> {
    const record = this.#tools.records.get(this.#id);
    const machine =
      record &&
      planPlayground(record, this.#tools.settings).machines.find(
        ({ manifest }) => manifest.name === task.machine,
      );
    const interrupted: TaskRun = { outcome: { kind: 'interrupted' }, stdout: '', stderr: '', hint: null };
    if (!record || !machine) return interrupted;
    const { ledger, outputs, inputs } = this.#books;
    const values = {
      outputs: await outputs.read(task.needs, (need) => ({
        exitCode: ledger.of(need).exitCode,
        input: inputs.of(need) ?? '',
      })),
      conditions: record.order.conditions,
      input: inputs.of(task.name) ?? '',
    };
    const undelivered = this.#undelivered(task);
    const diary = this.#diary(task);
    diary.begin();
    const place = agentPlace(this.#tools.paths, this.#id, machine);
    const run = await this.#tools.agents
      .use(place, { timeoutMs: agentPatienceMs, signal: life }, async (agent, signal) => {
        await this.#books.board.introduce(agent, task.machine, signal);
        const say = (text: string): void => diary.say(text);
        return await runTask(task, { agent, values, undelivered, say, signal });
      })
      .catch((error: unknown) => ({
        ...interrupted,
        stderr: error instanceof Error ? error.message : String(error),
      }));
    diary.end(run);
    return run;
  }

  #undelivered({ name, definition }: PlannedTask): UndeliveredInput | null {
    const path = definition.destination;
    const input = this.#books.inputs.of(name);
    if (path === undefined || input === null || this.#delivered.get(name) === input) return null;
    return { path, input, delivered: () => void this.#delivered.set(name, input) };
  }

  #diary(task: PlannedTask): RunDiary {
    const known = this.#diaries.get(task.name);
    if (known) return known;
    const log = this.#books.files.log(task.name);
    const diary = new RunDiary(log, task.definition.user, task.kind === 'init');
    this.#diaries.set(task.name, diary);
    return diary;
  }
}
