import { print } from '../../output/print.ts';
import { renderFields } from '../../output/table.ts';
import type { Context } from '../../program/context.ts';

/** `playhouse playground password` */
export async function showPassword(
  context: Context,
  input: { readonly playground: string },
): Promise<undefined> {
  const { client } = await context.connect();
  const login = await client('playground.password', { parameters: input });
  await print(context, login, () =>
    renderFields([
      ['User', login.user],
      ['Password', login.password],
    ]),
  );
}
