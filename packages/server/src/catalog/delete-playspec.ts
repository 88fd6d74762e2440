import type { ControlPlane } from '../control-plane.ts';
import { removePlayspec, type StoredPlayspec } from '../store/playspecs.ts';
import { getPlayspec } from './get-playspec.ts';

/**
 * Removes a playspec with all its versions, which the caller may do: that was checked before. Playgrounds have a manifest of
 * their own and go on.
 * @throws PlayhouseError playspec-unknown
 */
export async function deletePlayspec(plane: ControlPlane, name: string): Promise<StoredPlayspec> {
  return plane.store.transaction(async (transaction) => {
    const playspec = await getPlayspec(transaction, name);
    await removePlayspec(transaction, playspec.name, plane.now().toISOString());
    return playspec;
  });
}
