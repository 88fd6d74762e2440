import { formatAge } from '../../output/duration.ts';
import { print } from '../../output/print.ts';
import { formatSize } from '../../output/size.ts';
import { renderTable } from '../../output/table.ts';
import type { Context } from '../../program/context.ts';

/** `playhouse layer list` */
export async function listLayers(context: Context): Promise<undefined> {
  const { client } = await context.connect();
  const { layers } = await client('layer.list');
  await print(context, layers, () => {
    if (layers.length === 0) return 'No layers yet.\n';
    const rows = layers.map((layer) => [
      layer.id,
      layer.mergedFrom.length === 0 ? layer.kind : `${layer.kind}, ${layer.mergedFrom.length} in one`,
      layer.local ? formatSize(layer.bytes) : '-',
      layer.offloaded ? 'yes' : '-',
      String(layer.owners.length),
      layer.createdAt === null ? '-' : formatAge(layer.createdAt, context.now()),
    ]);
    return renderTable(['id', 'kind', 'on disk', 'in vault', 'owners', 'made'], rows);
  });
}
