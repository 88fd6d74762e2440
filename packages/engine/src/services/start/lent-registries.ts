import type { PlannedBuild } from '@playhouse/contract/compose/plan/service-plan';
import type { PrivateCopy } from '../git/private-copy.ts';

/**
 * The registries, of those that its owner has credentials for, that a build may need: its Dockerfile or its arguments name them.
 * Docker’s own has no need to be named. No other credential is lent to the build: so what was made without one is everybody’s, and what
 * was made with one its owner’s alone.
 */
export async function lentRegistries(
  own: readonly string[],
  build: {
    readonly recipe: PlannedBuild;
    readonly values: readonly (readonly [string, string])[];
    readonly tree: string;
  },
  copy: Pick<PrivateCopy, 'read'>,
): Promise<readonly string[]> {
  if (own.length === 0) return [];
  const { recipe, values, tree } = build;
  const file = recipe.extras?.inline ?? (await copy.read(tree, `${recipe.context}/${recipe.dockerfile}`));
  const said = [file ?? '', ...values.map(([, value]) => value)].join('\n').toLowerCase();
  return own.filter((registry) => registry === 'docker.io' || said.includes(hostOf(registry))).toSorted();
}

/** Without its port, which may be put together from elsewhere. */
function hostOf(registry: string): string {
  return registry.replace(/:\d+$/, '');
}
