import { debugReport } from '../../output/debug-report.ts';
import { print } from '../../output/print.ts';
import type { Context } from '../../program/context.ts';

/** `playhouse playground debug` */
export async function debugPlayground(
  context: Context,
  input: { readonly playground: string },
): Promise<undefined> {
  const { client } = await context.connect();
  const debug = await client('playground.debug', { parameters: input });
  await print(context, debug, () => debugReport(debug));
}
