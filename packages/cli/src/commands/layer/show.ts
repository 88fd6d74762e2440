import { formatAge } from '../../output/duration.ts';
import { print } from '../../output/print.ts';
import { formatSize } from '../../output/size.ts';
import { renderFields } from '../../output/table.ts';
import type { Context } from '../../program/context.ts';

/** `playhouse layer show` */
export async function showLayer(context: Context, input: { readonly layer: string }): Promise<undefined> {
  const { client } = await context.connect();
  const { layer } = await client('layer.get', { parameters: input });
  await print(context, layer, () =>
    renderFields([
      ['Id', layer.id],
      ['Kind', layer.kind],
      ['Digest', layer.digest ?? 'not computed yet'],
      ['On disk', layer.local ? formatSize(layer.bytes) : 'no: only the vault has it'],
      ['In vault', layer.offloaded ? 'yes' : 'no'],
      ['Made', layer.createdAt === null ? '-' : formatAge(layer.createdAt, context.now())],
      ...(layer.mergedFrom.length === 0
        ? []
        : ([['Merged from', `${layer.mergedFrom.length} layers: ${layer.mergedFrom.join(' → ')}`]] as const)),
      ['Needed by', layer.owners.join(', ') || 'nothing'],
    ]),
  );
}
