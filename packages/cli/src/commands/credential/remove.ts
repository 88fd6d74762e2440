import { finish } from '../../output/finish.ts';
import type { Context } from '../../program/context.ts';

/** `playhouse credential remove` */
export async function removeCredential(
  context: Context,
  input: { readonly name: string },
): Promise<undefined> {
  const { client } = await context.connect();
  const { credentials } = await client('credential.remove', { parameters: input });
  await finish(context, { credentials }, () => `Forgot ${input.name}.\n`);
}
