// Prewarming: a hidden playground is started, cut with its memory once it runs, and destroyed. This begins it; the Playguard
// takes it further, by what the store says.
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Operation } from '@playhouse/contract/operation';
import type { Playground } from '@playhouse/contract/playground';
import type { Playspec } from '@playhouse/contract/playspec';
import { getPlayspec } from '../catalog/get-playspec.ts';
import type { ControlPlane } from '../control-plane.ts';
import { crashPoint } from '../crash-point.ts';
import { checkCapacity } from '../placement/check-capacity.ts';
import { findInventory } from '../store/inventory.ts';
import { savePrewarm } from '../store/playspec-snapshots.ts';
import { type StoredPlayspec, toPublicPlayspec } from '../store/playspecs.ts';
import type { Database } from '../store/schema.ts';
import { announce, getPlayground, requireEngine } from './accepted.ts';
import type { PlaygroundWork } from './accept-on-playground.ts';
import { getOperation } from './cancel-operation.ts';
import { createPlayground } from './create-playground.ts';
import { draftStart } from './draft-start.ts';
import { releasePrewarm } from './release-version.ts';
import { slugify } from './slug.ts';
import { askedAgain } from './spares.ts';
import { withoutRevision } from '../store/operations.ts';

export interface AcceptedPrewarm {
  readonly playspec: Playspec;
  readonly playground: Playground;
  readonly operation: Operation;
}

/**
 * Begins to prewarm a version of a playspec, in the name of `owner`. Asking again while it goes on gives what goes on.
 * @throws PlayhouseError engine-down, playspec-unknown, playspec-version-unknown, playspec-not-ready, prewarm-needless,
 * conditions-refused, memory-budget, playground-limit
 */
export async function prewarmPlayspec(
  plane: ControlPlane,
  reference: string,
  owner: string,
): Promise<AcceptedPrewarm> {
  requireEngine(plane);
  const { name, version } = await getPlayspec(plane.store.database, reference);
  const { playspec, work } = await plane.store.transaction(async (transaction) => {
    const found = await getPlayspec(transaction, name, version);
    const work =
      (await underWay(transaction, found)) ?? (await acceptPrewarm(plane, transaction, found, owner));
    return { playspec: await getPlayspec(transaction, name, version), work };
  });
  crashPoint('prewarm-committed');
  return { playspec: toPublicPlayspec(playspec), ...announce(plane, work.playground, work.operation) };
}

/**
 * Begins it inside a caller’s transaction. What starts resume from meanwhile stays until there is something newer.
 * @throws PlayhouseError as prewarmPlayspec
 */
export async function acceptPrewarm(
  plane: ControlPlane,
  transaction: Database,
  playspec: StoredPlayspec,
  owner: string,
): Promise<PlaygroundWork> {
  const { name, version, prewarm, saved } = playspec;
  if (saved !== null) throw new PlayhouseError('prewarm-needless', { name });
  const known = await findInventory(transaction);
  if (known === null) throw new PlayhouseError('engine-down');
  const draft = draftStart({ ...playspec, prewarm: null }, null, {}, known.inventory, plane.limits);
  const { playgroundLimit } = plane;
  await checkCapacity(transaction, { ramBytes: draft.ramBytes, playgroundId: null, playgroundLimit });
  const { notes: _notes, ...rest } = draft;
  const work = await createPlayground(plane, transaction, {
    ...rest,
    title: `Prewarming ${name}, version ${version}`,
    slug: slugify(name, 'prewarm'),
    // Machines need nobody's credentials.
    ...{ owner, ownerId: null },
    hidden: true,
    authorizedKeys: [],
    lifetimeSeconds: null,
    onExpiry: 'destroy',
  });
  await savePrewarm(transaction, playspec, {
    state: 'making',
    snapshotId: prewarm?.snapshotId ?? null,
    fingerprint: prewarm?.fingerprint ?? '',
    playgroundId: work.playground.id,
    operationId: work.operation.id,
    cutId: null,
    error: null,
    // One that failed is tried again with what is new.
    spare: prewarm?.spare ? askedAgain(prewarm.spare) : null,
  });
  return work;
}

/**
 * Gives up what a version was prewarmed with, or is about to be.
 * @throws PlayhouseError playspec-unknown, playspec-version-unknown
 */
export async function dropPrewarm(plane: ControlPlane, reference: string): Promise<Playspec> {
  const { playspec, news } = await plane.store.transaction(async (transaction) => {
    const found = await getPlayspec(transaction, reference);
    const { prewarm } = found;
    await savePrewarm(transaction, found, null);
    const news = prewarm === null ? [] : await releasePrewarm(plane, transaction, prewarm);
    return { playspec: await getPlayspec(transaction, found.name, found.version), news };
  });
  plane.feed.publish(...news);
  plane.engine.nudge();
  return toPublicPlayspec(playspec);
}

async function underWay(database: Database, { prewarm }: StoredPlayspec): Promise<PlaygroundWork | null> {
  if (prewarm?.state !== 'making' || prewarm.playgroundId === null || prewarm.operationId === null)
    return null;
  return {
    playground: await getPlayground(database, prewarm.playgroundId),
    operation: withoutRevision(await getOperation(database, prewarm.operationId)),
  };
}
