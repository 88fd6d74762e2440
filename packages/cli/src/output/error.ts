import { PlayhouseError, toErrorBody, toPlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { formatProblem } from '@playhouse/contract/errors/problem';
import { Interrupted } from '../program/interrupted.ts';
import type { Style } from './style.ts';

/** Exit statuses of the command; `ssh` passes the remote one through instead. */
export const exitStatus = { failed: 1, usage: 2, bug: 70, interrupted: 130 } as const;

/** The exit status that belongs to anything thrown. */
export function exitStatusOf(thrown: unknown): number {
  if (thrown instanceof Interrupted) return exitStatus.interrupted;
  if (!(thrown instanceof PlayhouseError) || thrown.code === 'internal-error') return exitStatus.bug;
  return thrown.code === 'usage' ? exitStatus.usage : exitStatus.failed;
}

/** An error as a person reads it: what, where, how to mend it. The stack is shown only when debugging. */
export function renderError(thrown: unknown, style: Style, debug: boolean): string {
  if (thrown instanceof Interrupted) return thrown.message === '' ? '' : `${thrown.message}\n`;
  const error = toPlayhouseError(thrown);
  const lines = [
    `${style.red('error:')} ${indent(error.message)}`,
    ...error.problems.map((problem) => `  ${indent(formatProblem(problem))}`),
    `  ${style.cyan('hint:')} ${indent(error.hint)}`,
  ];
  if (debug) lines.push(...stacks(thrown));
  return `${lines.join('\n')}\n`;
}

/** An error for programs, on one line of standard output. */
export function renderErrorJson(thrown: unknown): string {
  const error =
    thrown instanceof Interrupted
      ? { code: 'interrupted', message: thrown.message, hint: '' }
      : toErrorBody(thrown);
  return `${JSON.stringify({ error })}\n`;
}

function indent(text: string): string {
  return text.replaceAll('\n', '\n    ');
}

function stacks(thrown: unknown): string[] {
  if (!(thrown instanceof Error)) return [];
  const own = thrown.stack ?? '';
  return thrown.cause === undefined ? [own] : [own, 'caused by:', ...stacks(thrown.cause)];
}
