import { hostname } from 'node:os';
import { print } from '../../output/print.ts';
import type { Context } from '../../program/context.ts';

export interface CreateTokenInput {
  readonly name: string | undefined;
  readonly user: string | undefined;
  readonly expiresIn: number | undefined;
  readonly quiet: boolean;
}

/** `playhouse token create` */
export async function createToken(context: Context, input: CreateTokenInput): Promise<undefined> {
  const { user = 'me', expiresIn: expiresInDays } = input;
  const { client } = await context.connect();
  const { token, secret } = await client('token.create', {
    parameters: { user },
    body: { name: input.name ?? defaultName(context.environment), expiresInDays },
  });
  if (input.quiet) {
    context.stdout.write(`${secret}\n`);
    return;
  }
  const end = token.expiresAt === null ? 'until it is revoked' : `until ${token.expiresAt.slice(0, 10)}`;
  await print(
    context,
    { token, secret },
    () =>
      `${secret}\n\nThe token \`${token.name}\` of ${token.user}, good ${end}. It is not shown again.\n  Use it:     playhouse login\n  Revoke it:  playhouse token revoke ${token.name}${user === 'me' ? '' : ` --user ${user}`}\n`,
  );
}

/** `ann@laptop`, in the letters that a token's name may have. */
function defaultName(environment: Context['environment']): string {
  const name = `${environment['USER'] ?? 'token'}@${hostname()}`.replaceAll(/[^A-Za-z0-9._@-]/g, '-');
  return name.replace(/^[^A-Za-z0-9]+/, '').slice(0, 63);
}
