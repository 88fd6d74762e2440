import type { Context } from '../../program/context.ts';
import { print } from '../../output/print.ts';

/** `playhouse playground manifest`: YAML as it is, whatever the format, except that JSON wraps the text. */
export async function printPlaygroundManifest(
  context: Context,
  input: { readonly playground: string },
): Promise<undefined> {
  const { client } = await context.connect();
  const answer = await client('playground.manifest', { parameters: input });
  if (context.format === 'json') await print(context, answer, () => '');
  else context.stdout.write(answer.manifest);
}
