import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { describeOrigin, type KernelOrigin } from '@playhouse/contract/kernel';
import type { Operation } from '@playhouse/contract/operation';
import { unknownKernel } from '../catalog/find-unknown-images.ts';
import type { ControlPlane } from '../control-plane.ts';
import { crashPoint } from '../crash-point.ts';
import { findInventory } from '../store/inventory.ts';
import { activeOperations, withoutRevision } from '../store/operations.ts';
import { acceptOperation } from './accept-operation.ts';
import { requireEngine } from './accepted.ts';

export interface AddKernelRequest {
  readonly name: string;
  readonly origin?: KernelOrigin | undefined;
}

/**
 * Has the engine install a kernel. Asking again for an official one that is being installed gives the same operation.
 * @throws PlayhouseError engine-down, kernel-unknown, kernel-name-reserved
 */
export async function addKernel(plane: ControlPlane, { name, origin }: AddKernelRequest): Promise<Operation> {
  requireEngine(plane);
  const at = plane.now().toISOString();
  const operation = await plane.store.transaction(async (transaction) => {
    const kernels = (await findInventory(transaction))?.inventory.kernels ?? [];
    const official = kernels.filter((kernel) => kernel.official);
    const known = official.find((kernel) => kernel.name === name);
    if (origin === undefined && known === undefined) {
      throw unknownKernel(
        name,
        official.map((kernel) => kernel.name),
      );
    }
    if (origin !== undefined && known !== undefined) {
      const own = known.origin === null ? 'Debian packages' : describeOrigin(known.origin);
      throw new PlayhouseError('kernel-name-reserved', { kernel: name, origin: own });
    }
    const subject = { kind: 'kernel', id: name, name } as const;
    const under = (await activeOperations(transaction, subject)).find(({ kind }) => kind === 'kernel.add');
    if (origin === undefined && under !== undefined) return withoutRevision(under);
    const id = plane.newIdentifier();
    const command = { kind: 'kernel.add', operationId: id, kernel: name, origin: origin ?? null } as const;
    return acceptOperation(transaction, { id, subject, command, at });
  });
  crashPoint('kernel-add-committed');
  plane.feed.publish({ kind: 'operation', operation });
  plane.engine.nudge();
  return operation;
}
