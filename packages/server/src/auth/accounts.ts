import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { firstAdmin, type User } from '@playhouse/contract/user';
import type { ControlPlane } from '../control-plane.ts';
import { addCommand } from '../store/commands.ts';
import type { Database } from '../store/schema.ts';
import { addUser, findUser, removeUser, type StoredUser } from '../store/users.ts';

/** @throws PlayhouseError user-unknown */
export async function getUser(database: Database, name: string): Promise<StoredUser> {
  const user = await findUser(database, name);
  if (user === null) throw new PlayhouseError('user-unknown', { name });
  return user;
}

/** @throws PlayhouseError user-exists */
export async function createUser(
  plane: ControlPlane,
  { name, admin }: Pick<User, 'name' | 'admin'>,
): Promise<StoredUser> {
  const user = { id: plane.newIdentifier(), name, admin, createdAt: plane.now().toISOString() };
  const added = await plane.store.transaction((transaction) => addUser(transaction, user));
  if (!added) throw new PlayhouseError('user-exists', { name });
  return user;
}

/**
 * Removes a user. What the user owned is the first administrator's from then on, so that a later user of the same name
 * does not find it; what opened private repositories and registries for them is forgotten.
 * @throws PlayhouseError user-unknown, user-protected
 */
export async function deleteUser(plane: ControlPlane, name: string): Promise<StoredUser> {
  const removed = await plane.store.transaction(async (transaction) => {
    const user = await getUser(transaction, name);
    if (name === firstAdmin) throw new PlayhouseError('user-protected', { name });
    await removeUser(transaction, name, firstAdmin);
    // However long the engine is away, and however often it hears it: nobody else ever has this id.
    const operationId = plane.newIdentifier();
    const command = { kind: 'credential.forget', operationId, owner: user.id } as const;
    await addCommand(transaction, command, plane.now().toISOString());
    return user;
  });
  plane.engine.nudge();
  return removed;
}
