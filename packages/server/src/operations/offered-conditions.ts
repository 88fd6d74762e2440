import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { RouteOutput } from '@playhouse/contract/routes/route';
import type { RouteTable } from '@playhouse/contract/routes/route-table';
import { getPlayspec } from '../catalog/get-playspec.ts';
import { composeManifest } from '../catalog/compose-manifest.ts';
import { noLimits } from '../placement/scale-resources.ts';
import { findInventory } from '../store/inventory.ts';
import type { Database } from '../store/schema.ts';

type OfferedCondition = RouteOutput<RouteTable['playground.conditions']>['conditions'][number];

/**
 * What a start with this manifest would ask for.
 * @throws PlayhouseError engine-down, playspec-unknown, manifest-invalid, source-unknown, kernel-unknown
 */
export async function offeredConditions(
  database: Database,
  start: { readonly playspec: string; readonly manifest?: string | undefined; readonly manifestFile: string },
): Promise<OfferedCondition[]> {
  const playspec = await getPlayspec(database, start.playspec);
  // What was saved has its choices behind it.
  if (playspec.saved !== null) return [];
  // Compose files have variables in their place.
  if (playspec.kind === 'compose' && start.manifest === undefined) return [];
  const known = await findInventory(database);
  if (known === null) throw new PlayhouseError('engine-down');
  const written = start.manifest === undefined ? null : { text: start.manifest, file: start.manifestFile };
  const { manifest } = composeManifest(playspec, written, known.inventory, noLimits);
  return (manifest.playground.initConditions?.values ?? []).map(({ options, ...rest }) => ({
    ...rest,
    ...(options === undefined ? {} : { options: [...options] }),
  }));
}
