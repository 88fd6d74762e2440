import { projectName } from '@playhouse/contract/identifier';
import type { ControlPlane } from '../control-plane.ts';
import { nextCount } from '../store/counters.ts';
import { addPlayground, type StoredPlayground } from '../store/playgrounds.ts';
import type { Database } from '../store/schema.ts';
import type { StoredUser } from '../store/users.ts';
import { acceptOperation } from './accept-operation.ts';
import { type ServicesValues, startCommand, subjectOf } from './accepted.ts';
import type { PlaygroundWork } from './accept-on-playground.ts';
import { expiryAfter } from './lifetime-rules.ts';

/** What whoever makes a playground decides; the rest follows from it. */
export type NewPlayground = Pick<
  StoredPlayground,
  | 'title'
  | 'slug'
  | 'playspec'
  | 'owner'
  | 'ownerId'
  | 'machines'
  | 'tasks'
  | 'conditions'
  | 'lifetimeSeconds'
  | 'onExpiry'
  | 'manifest'
  | 'authorizedKeys'
  | 'ramBytes'
> &
  Partial<Pick<StoredPlayground, 'from' | 'forkedFrom' | 'hidden' | 'spare' | 'stack' | 'services'>>;

/** Who has a playground made. */
export type Owner = Pick<StoredUser, 'id' | 'name'>;

export function ownedBy({ id, name }: Owner): Pick<NewPlayground, 'owner' | 'ownerId'> {
  return { owner: name, ownerId: id };
}

/** Writes a playground together with the operation that starts it, in the caller's transaction. */
export async function createPlayground(
  plane: ControlPlane,
  transaction: Database,
  { from = null, forkedFrom = null, stack = null, services = [], ...draft }: NewPlayground,
  values?: ServicesValues,
): Promise<PlaygroundWork> {
  const at = plane.now().toISOString();
  const operationId = plane.newIdentifier();
  const number = await nextCount(transaction, 'playground');
  const playground: StoredPlayground = {
    ...draft,
    id: plane.newIdentifier(),
    number,
    name: projectName({ number, slug: draft.slug }),
    kind: stack === null ? 'machines' : 'compose',
    stack,
    services,
    status: 'pending',
    error: null,
    expiresAt: expiryAfter(draft.lifetimeSeconds, plane.now()),
    operationId,
    suspended: false,
    snapshotId: from?.snapshotId ?? null,
    forkedFrom,
    hidden: draft.hidden ?? false,
    spare: draft.spare ?? false,
    createdAt: at,
    updatedAt: at,
    from,
    revision: 0,
  };
  await addPlayground(transaction, playground);
  const command = startCommand(playground, operationId, values);
  const subject = subjectOf(playground);
  return {
    playground,
    operation: await acceptOperation(transaction, { id: operationId, subject, command, at }),
  };
}
