import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { PlannedTask } from '@playhouse/contract/manifest/select-tasks';
import { printable } from '../guest/printable.ts';
import type { TaskRun } from './run-task.ts';

const longestTail = 600;
const tailLines = 4;

/** The catalogue’s errors of tasks: what they leave stands, so that people can look. */
const codes: readonly string[] = ['task-failed', 'task-timed-out', 'task-failcheck'];

export function isTaskFailure({ code }: { readonly code: string }): boolean {
  return codes.includes(code);
}

/** Why a task failed for good: from its last run, or from what kept it from being run. */
export function taskFailure(
  { name, machine, definition }: PlannedTask,
  playground: string,
  cause: TaskRun | { readonly reason: string; readonly tail: string },
): PlayhouseError {
  const place = { task: name, machine, playground };
  if ('reason' in cause)
    return new PlayhouseError('task-failed', { ...place, reason: cause.reason, tail: tailOf(cause.tail) });
  const { outcome, stdout, stderr, hint } = cause;
  if (outcome.kind === 'condemned')
    return new PlayhouseError('task-failcheck', { ...place, tail: tailOf(hint ?? '') });
  const tail = tailOf(stderr.trim() === '' ? stdout : stderr);
  if (outcome.kind === 'ended' && outcome.timedOut)
    return new PlayhouseError('task-timed-out', { ...place, seconds: definition.timeoutSeconds, tail });
  return new PlayhouseError('task-failed', { ...place, reason: reasonOf(outcome), tail });
}

function reasonOf(outcome: TaskRun['outcome']): string {
  if (outcome.kind === 'interrupted') return 'the machine went away each time it ran';
  if (outcome.kind !== 'ended') return 'it could not be started';
  return outcome.exitCode === null ? 'a signal ended it' : `exit code ${outcome.exitCode}`;
}

/** The last lines of what a machine said, in a form that fits into one line of an error. */
function tailOf(text: string): string {
  const lines = printable(text.slice(-longestTail * 2))
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  return lines.slice(-tailLines).join(' | ').slice(-longestTail) || '(nothing)';
}
