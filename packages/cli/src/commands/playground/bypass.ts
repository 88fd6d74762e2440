import { print } from '../../output/print.ts';
import { renderFields } from '../../output/table.ts';
import type { Context } from '../../program/context.ts';

/** `playhouse playground bypass` */
export async function showBypass(
  context: Context,
  { playground, new: renew }: { readonly playground: string; readonly new: boolean },
): Promise<undefined> {
  const { client } = await context.connect();
  const route = renew ? 'playground.bypass-renew' : 'playground.bypass';
  const bypass = await client(route, { parameters: { playground } });
  await print(context, bypass, () =>
    renderFields([
      ['Header', bypass.header],
      ['Token', bypass.token],
    ]),
  );
}
