import { canonicalSource } from '@playhouse/contract/image-reference';
import type { Manifest } from '@playhouse/contract/manifest/manifest';
import type { Source } from '@playhouse/contract/source';
import { findInventory } from '../store/inventory.ts';
import { listPlaygrounds } from '../store/playgrounds.ts';
import type { Database } from '../store/schema.ts';
import { unknownSource } from './find-unknown-images.ts';

/** A source of the playroom, however its reference is spelled. @throws PlayhouseError source-unknown */
export async function findSource(database: Database, name: string): Promise<Source> {
  const sources = (await findInventory(database))?.inventory.sources ?? [];
  const found = sources.find((source) => source.name === canonicalSource(name));
  if (found !== undefined) return found;
  throw unknownSource(
    name,
    sources.map((source) => source.name),
  );
}

/** Names of the playgrounds whose manifest names a source: of one owner, or of everybody. */
export async function usersOf(
  database: Database,
  source: string,
  owner?: string,
): Promise<readonly string[]> {
  const wanted = canonicalSource(source);
  const playgrounds = await listPlaygrounds(database, { all: false, owner });
  return playgrounds.flatMap(({ name, manifest }) => (sourcesOf(manifest).includes(wanted) ? [name] : []));
}

function sourcesOf({ playground }: Manifest): readonly string[] {
  const drives = playground.machines?.flatMap((machine) => machine.drives) ?? [];
  return drives.flatMap(({ source }) => (source === undefined ? [] : [canonicalSource(source)]));
}
