// Volumes that belong to a playspec and not to a playground: they are seen, and removed, by who owns it.
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Operation } from '@playhouse/contract/operation';
import { getPlayspec } from '../catalog/get-playspec.ts';
import { persistentIdOf } from '../catalog/persistent-id.ts';
import type { ControlPlane } from '../control-plane.ts';
import { listPlaygrounds, type StoredPlayground } from '../store/playgrounds.ts';
import type { StoredPlayspec } from '../store/playspecs.ts';
import type { Database } from '../store/schema.ts';
import { acceptOperation } from './accept-operation.ts';
import { requireEngine } from './accepted.ts';

/**
 * The volumes of a playspec, and the playground that uses them.
 * @throws PlayhouseError playspec-unknown, engine-down, docker-unavailable
 */
export async function listVolumes(plane: ControlPlane, name: string) {
  const { database } = plane.store;
  const persistentId = persistentIdOf(await getPlayspec(database, name));
  const users = await usersOf(database, persistentId);
  const { volumes } = await plane.engine.ask({ kind: 'volume.list', persistentId });
  return { volumes, playground: users.find(isAlive)?.name ?? null };
}

/**
 * Has the volumes of a playspec removed, which stays.
 * @throws PlayhouseError playspec-unknown, volumes-in-use, engine-down
 */
export async function removeVolumes(plane: ControlPlane, name: string): Promise<Operation> {
  requireEngine(plane);
  const operation = await plane.store.transaction(async (transaction) => {
    const playspec = await getPlayspec(transaction, name);
    await requireUnused(transaction, playspec);
    return await acceptVolumeRemoval(plane, transaction, playspec);
  });
  plane.feed.publish({ kind: 'operation', operation });
  plane.engine.nudge();
  return operation;
}

/** What goes with a playspec that is removed; null when it never had any. @throws PlayhouseError volumes-in-use */
export async function releaseVolumes(
  plane: ControlPlane,
  transaction: Database,
  playspec: StoredPlayspec,
): Promise<Operation | null> {
  if ((await usersOf(transaction, persistentIdOf(playspec))).length === 0) return null;
  await requireUnused(transaction, playspec);
  return await acceptVolumeRemoval(plane, transaction, playspec);
}

async function requireUnused(transaction: Database, playspec: StoredPlayspec): Promise<void> {
  const user = (await usersOf(transaction, persistentIdOf(playspec))).find(isAlive);
  if (user !== undefined)
    throw new PlayhouseError('volumes-in-use', { playspec: playspec.name, playground: user.name });
}

async function acceptVolumeRemoval(
  plane: ControlPlane,
  transaction: Database,
  playspec: StoredPlayspec,
): Promise<Operation> {
  const id = plane.newIdentifier();
  const persistentId = persistentIdOf(playspec);
  return await acceptOperation(transaction, {
    id,
    subject: { kind: 'playspec', id: persistentId, name: playspec.name },
    command: { kind: 'volume.remove', operationId: id, persistentId },
    at: plane.now().toISOString(),
  });
}

/** Playgrounds that have, or had, these volumes. */
async function usersOf(database: Database, persistentId: string): Promise<readonly StoredPlayground[]> {
  const all = await listPlaygrounds(database, { all: true });
  return all.filter(({ stack }) => stack?.persistentId === persistentId);
}

function isAlive({ status }: StoredPlayground): boolean {
  return status !== 'destroyed';
}
