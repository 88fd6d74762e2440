import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { defaultKernel } from '@playhouse/contract/manifest/kernel-reference';
import type { Operation } from '@playhouse/contract/operation';
import { unknownKernel } from '../catalog/find-unknown-images.ts';
import type { ControlPlane } from '../control-plane.ts';
import { crashPoint } from '../crash-point.ts';
import { findInventory } from '../store/inventory.ts';
import { listPlaygrounds } from '../store/playgrounds.ts';
import { acceptOperation } from './accept-operation.ts';
import { requireEngine } from './accepted.ts';

/**
 * Has the engine remove a kernel. An official one is installed again by the next start that names it.
 * @throws PlayhouseError engine-down, kernel-unknown, kernel-is-default, kernel-in-use
 */
export async function removeKernel(plane: ControlPlane, name: string): Promise<Operation> {
  requireEngine(plane);
  const at = plane.now().toISOString();
  const operation = await plane.store.transaction(async (transaction) => {
    const known = ((await findInventory(transaction))?.inventory.kernels ?? []).map((kernel) => kernel.name);
    if (!known.includes(name)) throw unknownKernel(name, known);
    if (name === defaultKernel) throw new PlayhouseError('kernel-is-default', { kernel: name });
    const users = (await listPlaygrounds(transaction, { all: false })).filter(({ machines }) =>
      machines.some(({ kernel }) => kernel === name),
    );
    if (users.length > 0) {
      const playgrounds = users.map((playground) => playground.name).join(', ');
      throw new PlayhouseError('kernel-in-use', { kernel: name, playgrounds });
    }
    const id = plane.newIdentifier();
    const subject = { kind: 'kernel', id: name, name } as const;
    const command = { kind: 'kernel.remove', operationId: id, kernel: name } as const;
    return acceptOperation(transaction, { id, subject, command, at });
  });
  crashPoint('kernel-remove-committed');
  plane.feed.publish({ kind: 'operation', operation });
  plane.engine.nudge();
  return operation;
}
