import { print } from '../../output/print.ts';
import { renderFields } from '../../output/table.ts';
import type { Context } from '../../program/context.ts';

/** `playhouse playground password` */
export async function showPassword(
  context: Context,
  { playground, new: renew }: { readonly playground: string; readonly new: boolean },
): Promise<undefined> {
  const { client } = await context.connect();
  const route = renew ? 'playground.password-renew' : 'playground.password';
  const login = await client(route, { parameters: { playground } });
  await print(context, login, () =>
    renderFields([
      ['User', login.user],
      ['Password', login.password],
    ]),
  );
}
