import { formatAge } from '../../output/duration.ts';
import { print } from '../../output/print.ts';
import { renderTable } from '../../output/table.ts';
import type { Context } from '../../program/context.ts';

/** `playhouse token list` */
export async function listTokens(
  context: Context,
  { user = 'me' }: { readonly user: string | undefined },
): Promise<undefined> {
  const { client } = await context.connect();
  const { tokens } = await client('token.list', { parameters: { user } });
  await print(context, tokens, () => {
    const rows = tokens.map(({ name, createdAt, expiresAt }) => [
      name,
      formatAge(createdAt, context.now()),
      expiresAt === null ? 'never' : expiresAt.slice(0, 10),
    ]);
    return renderTable(['name', 'created', 'expires'], rows);
  });
}
