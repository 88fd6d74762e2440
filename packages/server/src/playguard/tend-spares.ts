// Keeps a spare copy of each prewarmed version that is to have one. Each look decides and begins what is next in one transaction,
// from the store alone.
import { isDeepStrictEqual } from 'node:util';
import { firstAdmin } from '@playhouse/contract/user';
import type { Logger } from 'pino';
import type { ControlPlane } from '../control-plane.ts';
import { createPlayground } from '../operations/create-playground.ts';
import { draftStart } from '../operations/draft-start.ts';
import type { News } from '../operations/event-feed.ts';
import { dismiss } from '../operations/release-version.ts';
import { slugify } from '../operations/slug.ts';
import { noSpare } from '../operations/spares.ts';
import { lockPlacement } from '../placement/check-capacity.ts';
import { findInventory } from '../store/inventory.ts';
import { isStarting } from '../store/operations.ts';
import { findPlayground, readOccupancy, toPublicPlayground } from '../store/playgrounds.ts';
import { savePrewarm } from '../store/playspec-snapshots.ts';
import type { StoredPlayspec, StoredPrewarm } from '../store/playspecs.ts';
import type { Database } from '../store/schema.ts';
import { type Prewarmed, tendEachPrewarmed } from './each-prewarmed.ts';
import { nextSpareStep } from './spare-step.ts';

/** One look at every version that is to have a spare copy. */
export async function tendSpares(plane: ControlPlane, logger: Logger): Promise<void> {
  if (!plane.engine.connected) return;
  await tendEachPrewarmed(plane, logger, {
    isDue: ({ spare }) => spare !== null,
    tend: async (transaction, playspec) => await tend(plane, transaction, playspec),
    committed: 'spare-step-committed',
    trouble: 'a spare copy does not get on; trying again',
  });
}

async function tend(
  plane: ControlPlane,
  transaction: Database,
  playspec: Prewarmed,
): Promise<readonly News[]> {
  const { prewarm } = playspec;
  const { spare } = prewarm;
  if (spare === null) return [];
  const { playgroundId } = spare;
  const playground = playgroundId === null ? null : await findPlayground(transaction, playgroundId);
  const isShort = await wantsRoom(plane, transaction);
  const step = nextSpareStep(playspec, prewarm, spare, playground, { isShort, now: plane.now() });
  if (step.kind === 'make') return await make(plane, transaction, playspec, prewarm);
  if (!isDeepStrictEqual(step.spare, spare))
    await savePrewarm(transaction, playspec, { ...prewarm, spare: step.spare });
  return step.kind === 'note' || playground === null ? [] : await dismiss(plane, transaction, playground.id);
}

/** Whether more is reserved than there is: spare copies are lent what nobody needs, and only that. */
async function wantsRoom({ playgroundLimit }: ControlPlane, transaction: Database): Promise<boolean> {
  const known = await findInventory(transaction);
  const { ramBytes, playgrounds } = await readOccupancy(transaction, null, 'staying');
  return known !== null && (ramBytes > known.inventory.memoryBudgetBytes || playgrounds > playgroundLimit);
}

/** Its start begins as one that somebody asked for: what the playspec is, of what it was prewarmed with. */
async function make(
  plane: ControlPlane,
  transaction: Database,
  playspec: StoredPlayspec,
  prewarm: StoredPrewarm,
): Promise<readonly News[]> {
  // A write: only where something may be taken, for this is looked at every few seconds.
  await lockPlacement(transaction);
  const known = await findInventory(transaction);
  if (known === null) return [];
  const { notes: _notes, ...draft } = draftStart(playspec, null, {}, known.inventory, plane.limits);
  const taken = await readOccupancy(transaction, null, 'all');
  const fits =
    taken.ramBytes + draft.ramBytes <= known.inventory.memoryBudgetBytes &&
    taken.playgrounds < plane.playgroundLimit;
  const { from = null } = draft;
  // To wake it takes a processor, which those who wait for a start need.
  if (from === null || !fits || (await isStarting(transaction))) return [];
  const { name, version, owner } = playspec;
  const { playground, operation } = await createPlayground(plane, transaction, {
    ...draft,
    // One that had to boot would be no better than a start that does.
    from: { ...from, memory: 'need' },
    title: `Spare copy of ${name}, version ${version}`,
    slug: slugify(name, 'spare'),
    ...{ owner: owner ?? firstAdmin, ownerId: null },
    ...{ hidden: true, spare: true, authorizedKeys: [], lifetimeSeconds: null, onExpiry: 'destroy' },
  });
  await savePrewarm(transaction, playspec, {
    ...prewarm,
    spare: {
      ...noSpare,
      state: 'making',
      playgroundId: playground.id,
      operationId: operation.id,
      failures: prewarm.spare?.failures ?? 0,
    },
  });
  return [
    { kind: 'operation', operation },
    { kind: 'playground', playground: toPublicPlayground(playground) },
  ];
}
