import { print } from '../../output/print.ts';
import type { Context } from '../../program/context.ts';
import type { VersionInput } from './show.ts';

/** `playhouse playspec manifest`: YAML as it is, whatever the format, except that JSON wraps the text. */
export async function printPlayspecManifest(context: Context, input: VersionInput): Promise<undefined> {
  const { client } = await context.connect();
  const answer = await client('playspec.manifest', {
    parameters: { name: input.playspec },
    query: { version: input.version },
  });
  if (context.format === 'json') await print(context, answer, () => '');
  else context.stdout.write(answer.manifest);
}
