import { print } from '../../output/print.ts';
import type { Context } from '../../program/context.ts';
import { confirm } from '../confirm.ts';

export interface RemoveUserInput {
  readonly user: string;
  readonly force: boolean;
}

/** `playhouse user remove` */
export async function removeUser(context: Context, input: RemoveUserInput): Promise<undefined> {
  const { client } = await context.connect();
  const question = `Remove the user ${input.user} and revoke the tokens?`;
  if (!(await confirm(context, question, input.force))) return;
  const { user } = await client('user.remove', { parameters: { user: input.user } });
  await print(
    context,
    { user },
    () => `${user.name} is removed; what ${user.name} owned is the administrator’s.\n`,
  );
}
