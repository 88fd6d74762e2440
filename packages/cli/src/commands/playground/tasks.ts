import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Playground } from '@playhouse/contract/playground';
import { hasSettled, type Task, type TaskKind, taskKinds } from '@playhouse/contract/task';
import { print } from '../../output/print.ts';
import { renderTable } from '../../output/table.ts';
import type { Context } from '../../program/context.ts';
import { readPeriod } from '../../program/read-period.ts';
import { followPlayground } from './follow-playground.ts';

export interface TasksInput {
  readonly playground: string;
  readonly all: boolean;
  readonly kind: string | undefined;
  readonly wait: boolean;
  readonly failFast: boolean;
  readonly timeout: string | undefined;
  readonly log: string | undefined;
}

const command = 'playground tasks';
const failedStatus = 2;
const logBytes = 1_048_576;
const alive: readonly Playground['status'][] = ['pending', 'in_progress', 'running', 'has_changes'];

/** `playhouse playground tasks` */
export async function showTasks(context: Context, input: TasksInput): Promise<number | undefined> {
  if (input.log !== undefined) return await printLog(context, input.playground, input.log);
  const kind = readKind(input.kind);
  const shown = ({ tasks }: Playground): readonly Task[] =>
    tasks.filter((task) => (kind === null ? input.all || task.kind !== 'helper' : task.kind === kind));
  const isOver = (playground: Playground): boolean => {
    const tasks = shown(playground);
    if (!alive.includes(playground.status) || tasks.every(({ status }) => hasSettled(status))) return true;
    return input.failFast && tasks.some(({ status }) => status === 'failed');
  };
  const timeoutMs = readPeriod(input.timeout ?? '-1', 'timeout', command);
  const playground = await followPlayground(context, input.playground, {
    timeoutMs,
    isOver: input.wait ? isOver : () => true,
  });
  const tasks = shown(playground);
  await print(context, tasks, () => (tasks.length === 0 ? 'No tasks.\n' : taskTable(tasks)));
  return input.wait && tasks.some(({ status }) => status !== 'completed') ? failedStatus : undefined;
}

async function printLog(context: Context, playground: string, task: string): Promise<undefined> {
  const { client } = await context.connect();
  const { log } = await client('task.log', { parameters: { playground, task }, query: { limit: logBytes } });
  if (context.format === 'table') context.stdout.write(log.content);
  else await print(context, log, () => '');
}

function readKind(word: string | undefined): TaskKind | null {
  if (word === undefined) return null;
  const kind = taskKinds.find((each) => each === word);
  if (kind !== undefined) return kind;
  throw new PlayhouseError('usage', {
    detail: `--kind takes ${taskKinds.join(', ')}, not \`${word}\`.`,
    command,
  });
}

function taskTable(tasks: readonly Task[]): string {
  const rows = tasks.map(({ name, kind, machine, status, input, exitCode, timedOut, needs, hint }) => [
    name,
    kind,
    machine,
    status,
    timedOut ? 'timed out' : String(exitCode ?? '-'),
    needs.join(', ') || '-',
    input === 'awaited' ? 'waits for an input' : (hint?.split('\n')[0] ?? ''),
  ]);
  return renderTable(['task', 'kind', 'machine', 'status', 'exit', 'needs', 'hint'], rows);
}
