import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
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

/** What only is a name has nothing that could be baked or removed. @throws PlayhouseError source-stand-in */
export function requireReal({ name, instead }: Source): void {
  if (instead !== null) throw new PlayhouseError('source-stand-in', { source: name, instead });
}

/** Names of the playgrounds whose manifest names a source, or one that it stands in for: of one owner, or of everybody. */
export async function usersOf(
  database: Database,
  source: string,
  owner?: string,
): Promise<readonly string[]> {
  const known = (await findInventory(database))?.inventory.sources ?? [];
  const names = known.filter(({ instead }) => instead !== null && canonicalSource(instead) === source);
  const wanted = [canonicalSource(source), ...names.map(({ name }) => name)];
  const playgrounds = await listPlaygrounds(database, { all: false, owner });
  return playgrounds.flatMap(({ name, manifest }) =>
    sourcesOf(manifest).some((named) => wanted.includes(named)) ? [name] : [],
  );
}

function sourcesOf({ playground }: Manifest): readonly string[] {
  const drives = playground.machines?.flatMap((machine) => machine.drives) ?? [];
  return drives.flatMap(({ source }) => (source === undefined ? [] : [canonicalSource(source)]));
}
