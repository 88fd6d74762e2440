import { print } from '../../output/print.ts';
import type { Context } from '../../program/context.ts';

/** `playhouse playspec manifest` */
export async function printPlayspec(
  context: Context,
  input: { readonly playspec: string },
): Promise<undefined> {
  const { client } = await context.connect();
  const answer = await client('playspec.manifest', { parameters: { name: input.playspec } });
  if (context.format === 'json') await print(context, answer, () => '');
  else context.stdout.write(answer.manifest);
}
