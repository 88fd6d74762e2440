import { finish } from '../../output/finish.ts';
import type { Context } from '../../program/context.ts';

/** `playhouse registry logout` */
export async function logoutRegistry(
  context: Context,
  input: { readonly registry: string },
): Promise<undefined> {
  const { client } = await context.connect();
  const { registries } = await client('registry.logout', { parameters: input });
  await finish(context, { registries }, () => `Logged out of ${input.registry}.\n`);
}
