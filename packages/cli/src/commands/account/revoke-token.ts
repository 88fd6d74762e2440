import { print } from '../../output/print.ts';
import type { Context } from '../../program/context.ts';

export interface RevokeInput {
  readonly token: string;
  readonly user: string | undefined;
}

/** `playhouse token revoke` */
export async function revokeToken(context: Context, input: RevokeInput): Promise<undefined> {
  const { client } = await context.connect();
  const { user = 'me', token: name } = input;
  const { token } = await client('token.revoke', { parameters: { user, token: name } });
  await print(
    context,
    { token },
    () => `The token \`${token.name}\` of ${token.user} opens nothing any more.\n`,
  );
}
