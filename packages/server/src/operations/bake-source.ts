import type { Operation } from '@playhouse/contract/operation';
import { requireReal } from '../catalog/find-source.ts';
import { unknownSource } from '../catalog/find-unknown-images.ts';
import type { ControlPlane } from '../control-plane.ts';
import { findInventory } from '../store/inventory.ts';
import { requireEngine } from './accepted.ts';
import { changeSource } from './change-source.ts';

/**
 * Has the engine bake an official source. Asking again while it is being baked gives the same operation.
 * @throws PlayhouseError engine-down, source-unknown, source-stand-in
 */
export async function bakeSource(plane: ControlPlane, source: string): Promise<Operation> {
  requireEngine(plane);
  return await changeSource(plane, 'source.bake', source, async (database) => {
    const sources = (await findInventory(database))?.inventory.sources ?? [];
    const named = sources.find(({ name }) => name === source);
    if (named !== undefined) requireReal(named);
    const official = sources.filter(({ kind }) => kind === 'official').map(({ name }) => name);
    if (!official.includes(source)) throw unknownSource(source, official);
    return source;
  });
}
