import type { Context } from '../program/context.ts';
import { print } from './print.ts';

/** Prints the outcome of long work: a `{"type":"done",…}` line after the step lines, a YAML document, or words. */
export async function finish(
  context: Context,
  data: Readonly<Record<string, unknown>>,
  words: () => string,
): Promise<void> {
  if (context.format === 'json') context.stdout.write(`${JSON.stringify({ type: 'done', ...data })}\n`);
  else await print(context, data, words);
}
