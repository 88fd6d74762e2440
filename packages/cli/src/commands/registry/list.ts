import { formatAge } from '../../output/duration.ts';
import { print } from '../../output/print.ts';
import { renderTable } from '../../output/table.ts';
import type { Context } from '../../program/context.ts';

/** `playhouse registry list` */
export async function listRegistries(context: Context): Promise<undefined> {
  const { client } = await context.connect();
  const { registries } = await client('registry.list');
  await print(context, registries, () => {
    if (registries.length === 0) return 'The playroom is logged in to no registry.\n';
    const rows = registries.map(({ registry, username, since }) => [
      registry,
      username,
      formatAge(since, context.now()),
    ]);
    return renderTable(['registry', 'user', 'since'], rows);
  });
}
