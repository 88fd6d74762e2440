import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Operation } from '@playhouse/contract/operation';
import { findSource, requireReal, usersOf } from '../catalog/find-source.ts';
import type { ControlPlane } from '../control-plane.ts';
import { requireEngine } from './accepted.ts';
import { changeSource } from './change-source.ts';

/**
 * Has the engine remove the base layer of a source. The engine looks once more whether somebody uses it.
 * @throws PlayhouseError engine-down, source-unknown, source-stand-in, source-in-use
 */
export async function removeSource(plane: ControlPlane, name: string): Promise<Operation> {
  requireEngine(plane);
  return await changeSource(plane, 'source.remove', name, async (database) => {
    const source = await findSource(database, name);
    requireReal(source);
    const users = await usersOf(database, source.name);
    if (users.length > 0) {
      throw new PlayhouseError('source-in-use', { source: source.name, users: users.join(', ') });
    }
    return source.name;
  });
}
