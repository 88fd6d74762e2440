import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { authorize } from '../auth/authorize.ts';
import type { ControlPlane } from '../control-plane.ts';
import { getPlayground } from '../operations/accepted.ts';
import { drillVault } from '../operations/drill-vault.ts';
import { removeSnapshot } from '../operations/remove-snapshot.ts';
import { verifyVault } from '../operations/verify-vault.ts';
import { findSnapshot, listSnapshots } from '../snapshots/find-snapshot.ts';
import type { HandlersOf } from './handlers.ts';

/** Snapshots, layers and the vault are the playroom’s, which is asked each time. */
export function createSnapshotHandlers(plane: ControlPlane): HandlersOf<'snapshot' | 'layer' | 'vault'> {
  const { database } = plane.store;
  const layers = async () => (await plane.engine.ask({ kind: 'layer.list' })).layers;
  return {
    'snapshot.list': async ({ query: { playground } }, caller) => {
      if (playground === undefined) return { snapshots: [...(await listSnapshots(plane, caller))] };
      await authorize(database, 'playground', caller, { parameters: { playground } });
      const { id } = await getPlayground(database, playground);
      const snapshots = await listSnapshots(plane, caller);
      return { snapshots: snapshots.filter(({ playgroundId }) => playgroundId === id) };
    },
    'snapshot.get': async ({ parameters }, caller) => ({
      snapshot: await findSnapshot(plane, caller, parameters.snapshot),
    }),
    'snapshot.remove': async ({ parameters }, caller) => ({
      operation: await removeSnapshot(plane, parameters.snapshot, caller),
    }),
    'layer.list': async () => ({ layers: await layers() }),
    'layer.get': async ({ parameters }) => {
      const layer = (await layers()).find(({ id }) => id === parameters.layer);
      if (layer === undefined) throw new PlayhouseError('layer-unknown', { layer: parameters.layer });
      return { layer };
    },
    'vault.verify': async ({ body }, caller) => ({ operation: await verifyVault(plane, body, caller) }),
    'vault.drill': async ({ body }, caller) => ({
      operation: await drillVault(plane, body.snapshotId, caller),
    }),
  };
}
