// What a version of a playspec has on the playroom goes with it: the snapshot it begins with, and that of its prewarming.
import { hasEnded } from '@playhouse/contract/operation';
import type { ControlPlane } from '../control-plane.ts';
import { addCommand } from '../store/commands.ts';
import { findOperation } from '../store/operations.ts';
import { findPlayground, toPublicPlayground } from '../store/playgrounds.ts';
import type { StoredPlayspec, StoredPrewarm } from '../store/playspecs.ts';
import type { Database } from '../store/schema.ts';
import { acceptDestroy } from './destroy-playground.ts';
import type { News } from './event-feed.ts';
import { acceptRemoval } from './remove-snapshot.ts';

/** Has everything removed that a version has on the playroom, in the caller’s transaction. */
export async function releaseVersion(
  plane: ControlPlane,
  transaction: Database,
  { saved, prewarm }: StoredPlayspec,
): Promise<readonly News[]> {
  return [
    ...(saved === null ? [] : await releaseSnapshot(plane, transaction, saved.snapshotId)),
    ...(prewarm === null ? [] : await releasePrewarm(plane, transaction, prewarm)),
  ];
}

/** The same of its prewarming only. */
export async function releasePrewarm(
  plane: ControlPlane,
  transaction: Database,
  { snapshotId, cutId, playgroundId, spare }: StoredPrewarm,
): Promise<readonly News[]> {
  const news: News[] = [];
  // What lies on a snapshot goes before it.
  if (spare?.playgroundId) news.push(...(await dismiss(plane, transaction, spare.playgroundId)));
  for (const id of [snapshotId, cutId])
    if (id !== null) news.push(...(await releaseSnapshot(plane, transaction, id)));
  return playgroundId === null ? news : [...news, ...(await dismiss(plane, transaction, playgroundId))];
}

/** Has a hidden playground destroyed that has served its purpose. */
export async function dismiss(
  plane: ControlPlane,
  transaction: Database,
  playgroundId: string,
): Promise<readonly News[]> {
  const found = await findPlayground(transaction, playgroundId);
  if (found === null || found.status === 'destroying' || found.status === 'destroyed') return [];
  const { playground, operation } = await acceptDestroy(plane, transaction, found);
  return [
    { kind: 'operation', operation },
    { kind: 'playground', playground: toPublicPlayground(playground) },
  ];
}

/** One that is just being cut is cancelled; should it succeed all the same, `settleCut` finds that nobody wants it. */
export async function releaseSnapshot(
  plane: ControlPlane,
  transaction: Database,
  id: string,
): Promise<readonly News[]> {
  const cut = await findOperation(transaction, id);
  if (cut === null) return [];
  if (hasEnded(cut.status)) {
    if (cut.status !== 'succeeded') return [];
    return [{ kind: 'operation', operation: await acceptRemoval(plane, transaction, id, cut.subject.name) }];
  }
  await addCommand(transaction, { kind: 'operation.cancel', operationId: id }, plane.now().toISOString());
  return [];
}
