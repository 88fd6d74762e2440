import type { ErrorCode } from './catalogue.ts';

/** One located fault of a user's file: `file:line:column path: what, why, how to mend`. Lines and columns start at 1. */
export interface Problem {
  readonly code: ErrorCode;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Where in the document, as `playground.machines[0].name`; empty for the document itself. */
  readonly path: string;
  readonly message: string;
  readonly hint: string;
}

/** The one-line form in which CLI, API and page show a problem. */
export function formatProblem(problem: Problem): string {
  const path = problem.path === '' ? '' : ` ${problem.path}`;
  return `${problem.file}:${problem.line}:${problem.column}${path}: ${problem.message} ${problem.hint}`;
}
