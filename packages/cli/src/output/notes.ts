import { formatProblem, type Problem } from '@playhouse/contract/errors/problem';
import type { Context } from '../program/context.ts';

/** Shows what a manifest says that has no effect, on standard error, so that output stays what it is. */
export function showNotes(context: Context, notes: readonly unknown[]): void {
  for (const note of notes as readonly Problem[]) context.stderr.write(`note: ${formatProblem(note)}\n`);
}
