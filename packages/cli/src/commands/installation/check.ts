import type { Context } from '../../program/context.ts';
import { runScript } from './run-script.ts';

/** `playhouse check` */
export async function check(context: Context, input: { readonly words: readonly string[] }): Promise<number> {
  return runScript(context, 'scripts/check.ts', input.words);
}
