import { print } from '../../output/print.ts';
import type { Context } from '../../program/context.ts';

export interface CreateUserInput {
  readonly user: string;
  readonly admin: boolean;
}

/** `playhouse user create` */
export async function createUser(context: Context, input: CreateUserInput): Promise<undefined> {
  const { client } = await context.connect();
  const { user } = await client('user.create', { body: { name: input.user, admin: input.admin } });
  await print(
    context,
    { user },
    () => `${user.name} is a user now.\n  Make a token:  playhouse token create --user ${user.name}\n`,
  );
}
