import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { canonicalSource, parseImageReference } from '@playhouse/contract/image-reference';
import type { Operation } from '@playhouse/contract/operation';
import type { ControlPlane } from '../control-plane.ts';
import { requireEngine } from './accepted.ts';
import { changeSource } from './change-source.ts';

/**
 * Has the engine pull an image. Asking again while it is being pulled gives the same operation.
 * @throws PlayhouseError engine-down, reference-invalid
 */
export async function pullSource(plane: ControlPlane, reference: string): Promise<Operation> {
  if (parseImageReference(reference) === null) {
    throw new PlayhouseError('reference-invalid', { value: reference });
  }
  requireEngine(plane);
  return await changeSource(plane, 'source.pull', canonicalSource(reference));
}
