import { formatAge } from '../../output/duration.ts';
import { print } from '../../output/print.ts';
import { renderTable } from '../../output/table.ts';
import type { Context } from '../../program/context.ts';

/** `playhouse user list` */
export async function listUsers(context: Context): Promise<undefined> {
  const { client } = await context.connect();
  const { users } = await client('user.list');
  await print(context, users, () => {
    const rows = users.map(({ name, admin, createdAt }) => [
      name,
      admin ? 'yes' : 'no',
      formatAge(createdAt, context.now()),
    ]);
    return renderTable(['name', 'admin', 'created'], rows);
  });
}
