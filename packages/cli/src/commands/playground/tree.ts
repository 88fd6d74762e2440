import type { RouteOutput } from '@playhouse/contract/routes/route';
import type { RouteTable } from '@playhouse/contract/routes/route-table';
import { drawForkTree } from '../../output/fork-tree.ts';
import { print } from '../../output/print.ts';
import type { Context } from '../../program/context.ts';

/** `playhouse playground tree`: of one playground, or of all that are there. */
export async function showTree(
  context: Context,
  input: { readonly playground: string | undefined },
): Promise<undefined> {
  const { client } = await context.connect();
  if (input.playground !== undefined) {
    const tree = await client('playground.tree', { parameters: { playground: input.playground } });
    await print(context, tree, () => drawForkTree(tree, context.now()));
    return;
  }
  const { playgrounds } = await client('playground.list');
  const seen = new Set<string>();
  const trees: RouteOutput<RouteTable['playground.tree']>[] = [];
  for (const { id } of playgrounds.toReversed()) {
    if (seen.has(id)) continue;
    const tree = await client('playground.tree', { parameters: { playground: id } });
    for (const node of tree.nodes) seen.add(node.id);
    trees.push(tree);
  }
  await print(context, trees, () =>
    trees.length === 0
      ? 'No playgrounds yet.\n'
      : trees.map((tree) => drawForkTree(tree, context.now())).join('\n'),
  );
}
