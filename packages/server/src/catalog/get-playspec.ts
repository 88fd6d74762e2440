import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { parsePlayspecReference } from '@playhouse/contract/playspec';
import { findPlayspec, type StoredPlayspec } from '../store/playspecs.ts';
import type { Database } from '../store/schema.ts';

/**
 * The version of a playspec that `NAME` or `NAME@3` means. Whether the caller may have it was checked before.
 * @throws PlayhouseError playspec-unknown, playspec-version-unknown
 */
export async function getPlayspec(
  database: Database,
  reference: string,
  wanted?: number,
): Promise<StoredPlayspec> {
  const { name, version = wanted } = parsePlayspecReference(reference) ?? { name: reference };
  const found = await findPlayspec(database, name, version);
  if (found !== null) return found;
  const newest = await findPlayspec(database, name);
  if (newest === null || version === undefined) {
    throw new PlayhouseError('playspec-unknown', {
      name: reference,
      known: 'those that `playhouse playspec list` shows',
    });
  }
  throw new PlayhouseError('playspec-version-unknown', { name, version, newest: newest.version });
}
