import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Client } from '@playhouse/contract/routes/client';

/**
 * The whole id of a snapshot, of which the beginning may be given as long as it means one only.
 * @throws PlayhouseError snapshot-unknown
 */
export async function snapshotIdOf(client: Client, word: string): Promise<string> {
  if (/^[0-9a-f]{24}$/.test(word)) return word;
  const { snapshots } = await client('snapshot.list');
  const meant = word === '' ? [] : snapshots.filter(({ id }) => id.startsWith(word));
  const [one] = meant;
  if (one !== undefined && meant.length === 1) return one.id;
  throw new PlayhouseError('snapshot-unknown', { snapshot: word });
}
