import type { Context } from '../program/context.ts';

/**
 * Asks before something is done that cannot be undone; false when the person does not say yes. Without a terminal nobody can
 * answer and nothing is asked: a script means what it says.
 */
export async function confirm(context: Context, question: string, force: boolean): Promise<boolean> {
  if (force) return true;
  const answer = await context.ask(`${question} [y/N] `);
  if (answer === null || /^y(es)?$/i.test(answer.trim())) return true;
  context.stderr.write('Nothing was done.\n');
  return false;
}
