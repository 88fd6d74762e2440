import type { Context } from '../../program/context.ts';
import { runScript } from './run-script.ts';

/** `playhouse bench` */
export async function bench(context: Context, input: { readonly words: readonly string[] }): Promise<number> {
  return runScript(context, 'bench/main.ts', input.words);
}
