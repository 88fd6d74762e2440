import type { ControlPlane } from '../control-plane.ts';
import type { News } from '../operations/event-feed.ts';
import { releaseVersion } from '../operations/release-version.ts';
import { releaseVolumes } from '../operations/remove-volumes.ts';
import { listWithSnapshots } from '../store/playspec-snapshots.ts';
import { removePlayspec, type StoredPlayspec } from '../store/playspecs.ts';
import { getPlayspec } from './get-playspec.ts';

/**
 * Removes a playspec with all its versions and the snapshots that they have, which the caller may do: that was checked
 * before. Playgrounds have a manifest of their own and go on.
 * @throws PlayhouseError playspec-unknown, volumes-in-use
 */
export async function deletePlayspec(plane: ControlPlane, name: string): Promise<StoredPlayspec> {
  const news: News[] = [];
  const removed = await plane.store.transaction(async (transaction) => {
    const playspec = await getPlayspec(transaction, name);
    const volumes = await releaseVolumes(plane, transaction, playspec);
    if (volumes !== null) news.push({ kind: 'operation', operation: volumes });
    const versions = await listWithSnapshots(transaction, playspec.name);
    await removePlayspec(transaction, playspec.name, plane.now().toISOString());
    for (const version of versions) news.push(...(await releaseVersion(plane, transaction, version)));
    return playspec;
  });
  plane.feed.publish(...news);
  plane.engine.nudge();
  return removed;
}
