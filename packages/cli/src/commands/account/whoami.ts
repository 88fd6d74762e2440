import { print } from '../../output/print.ts';
import { renderFields } from '../../output/table.ts';
import type { Context } from '../../program/context.ts';

/** `playhouse whoami` */
export async function whoami(context: Context): Promise<undefined> {
  const { client, endpoint, tokenOrigin } = await context.connect();
  const { user } = await client('user.self');
  await print(context, { user, endpoint, tokenOrigin }, () =>
    renderFields([
      ['User', user.admin ? `${user.name}, an administrator` : user.name],
      ['Server', endpoint],
      ['Token from', tokenOrigin ?? '-'],
    ]),
  );
}
