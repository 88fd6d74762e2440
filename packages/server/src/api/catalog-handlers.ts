import type { ControlPlane } from '../control-plane.ts';
import { bakeSource } from '../operations/bake-source.ts';
import { addKernel } from '../operations/add-kernel.ts';
import { removeKernel } from '../operations/remove-kernel.ts';
import { findInventory } from '../store/inventory.ts';
import type { HandlersOf } from './handlers.ts';

/** Sources and kernels. The playroom's images are shown as last told while the engine is away. */
export function createCatalogHandlers(plane: ControlPlane): HandlersOf<'source' | 'kernel'> {
  const { database } = plane.store;
  return {
    'source.list': async () => ({ sources: (await findInventory(database))?.inventory.sources ?? [] }),
    'source.bake': async ({ parameters }) => ({ operation: await bakeSource(plane, parameters.name) }),
    'kernel.add': async ({ body }) => ({ operation: await addKernel(plane, body) }),
    'kernel.remove': async ({ parameters }) => ({ operation: await removeKernel(plane, parameters.name) }),
    'kernel.list': async () => ({ kernels: (await findInventory(database))?.inventory.kernels ?? [] }),
  };
}
