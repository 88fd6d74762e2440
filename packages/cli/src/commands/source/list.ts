import { formatAge } from '../../output/duration.ts';
import { print } from '../../output/print.ts';
import { formatSize } from '../../output/size.ts';
import { renderTable } from '../../output/table.ts';
import type { Context } from '../../program/context.ts';

/** `playhouse source list` */
export async function listSources(context: Context): Promise<undefined> {
  const { client } = await context.connect();
  const { sources } = await client('source.list');
  await print(context, sources, () => {
    const rows = sources.map((source) => [
      source.name,
      source.bakedAt === null ? 'not yet' : formatAge(source.bakedAt, context.now()),
      source.sizeBytes === null ? '-' : formatSize(source.sizeBytes),
      source.users.join(', '),
      source.description,
    ]);
    return renderTable(['name', 'baked', 'size', 'users', 'description'], rows);
  });
}
