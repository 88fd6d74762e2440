import { formatAge } from '../../output/duration.ts';
import { print } from '../../output/print.ts';
import { renderTable } from '../../output/table.ts';
import type { Context } from '../../program/context.ts';

const kinds = { token: 'token', key: 'SSH key', registry: 'registry' } as const;

/** `playhouse credential list` */
export async function listCredentials(context: Context): Promise<undefined> {
  const { client } = await context.connect();
  const { credentials } = await client('credential.list');
  await print(context, credentials, () => {
    if (credentials.length === 0)
      return 'You have no credentials. Add one: playhouse credential add --help\n';
    const rows = credentials.map(({ name, kind, place, username, since }) => [
      ...[name, kinds[kind], place, username ?? '–', formatAge(since, context.now())],
    ]);
    return renderTable(['name', 'kind', 'opens', 'user', 'since'], rows);
  });
}
