import type { Playspec } from '@playhouse/contract/playspec';
import type { ControlPlane } from '../control-plane.ts';
import { bakeSource } from '../operations/bake-source.ts';
import { getPlayspec } from '../operations/start-playground.ts';
import { findInventory } from '../store/inventory.ts';
import { listPlayspecs, type StoredPlayspec } from '../store/playspecs.ts';
import type { HandlersOf } from './handlers.ts';

/** Playspecs, sources and kernels. The playroom's images are shown as last told while the engine is away. */
export function createCatalogHandlers(plane: ControlPlane): HandlersOf<'playspec' | 'source' | 'kernel'> {
  const { database } = plane.store;
  return {
    'playspec.list': async () => ({ playspecs: (await listPlayspecs(database)).map(toPlayspec) }),
    'playspec.manifest': async ({ parameters }) => ({
      manifest: (await getPlayspec(database, parameters.name)).manifest,
    }),
    'source.list': async () => ({ sources: (await findInventory(database))?.inventory.sources ?? [] }),
    'source.bake': async ({ parameters }) => ({ operation: await bakeSource(plane, parameters.name) }),
    'kernel.list': async () => ({ kernels: (await findInventory(database))?.inventory.kernels ?? [] }),
  };
}

function toPlayspec({ manifest: _manifest, ...playspec }: StoredPlayspec): Playspec {
  return playspec;
}
