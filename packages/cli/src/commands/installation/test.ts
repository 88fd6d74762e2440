import type { Context } from '../../program/context.ts';
import { runScript } from './run-script.ts';

/** `playhouse test` */
export async function test(context: Context, input: { readonly words: readonly string[] }): Promise<number> {
  return runScript(context, 'scripts/run-tests.ts', input.words);
}
