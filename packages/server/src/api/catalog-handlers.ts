import type { ControlPlane } from '../control-plane.ts';
import { addKernel } from '../operations/add-kernel.ts';
import { removeKernel } from '../operations/remove-kernel.ts';
import { findInventory } from '../store/inventory.ts';
import type { HandlersOf } from './handlers.ts';

/** The playroom's kernels, shown as last told while the engine is away. */
export function createCatalogHandlers(plane: ControlPlane): HandlersOf<'kernel'> {
  const { database } = plane.store;
  return {
    'kernel.add': async ({ body }) => ({ operation: await addKernel(plane, body) }),
    'kernel.remove': async ({ parameters }) => ({ operation: await removeKernel(plane, parameters.name) }),
    'kernel.list': async () => ({ kernels: (await findInventory(database))?.inventory.kernels ?? [] }),
  };
}
