// Takes the prewarming of playspecs further: from the start of a hidden playground over its cut to its end, and over again
// when what it depends on has changed. Each look decides and begins what is next in one transaction, from the store alone.
import type { Manifest } from '@playhouse/contract/manifest/manifest';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Inventory } from '@playhouse/contract/link/report';
import type { Logger } from 'pino';
import type { ControlPlane } from '../control-plane.ts';
import { acceptCut } from '../operations/cut-playground.ts';
import { draftStart } from '../operations/draft-start.ts';
import type { News } from '../operations/event-feed.ts';
import { fingerprintOf } from '../operations/fingerprint.ts';
import { acceptPrewarm } from '../operations/prewarm-playspec.ts';
import { dismiss, releaseSnapshot } from '../operations/release-version.ts';
import { findInventory } from '../store/inventory.ts';
import { findOperation } from '../store/operations.ts';
import { findPlayground, toPublicPlayground } from '../store/playgrounds.ts';
import { referenceOf, savePrewarm } from '../store/playspec-snapshots.ts';
import type { StoredPlayspec, StoredPrewarm } from '../store/playspecs.ts';
import type { Database } from '../store/schema.ts';
import { type Prewarmed, tendEachPrewarmed } from './each-prewarmed.ts';
import { nextPrewarmStep } from './prewarm-step.ts';

/** One look at every version that is, or is to be, prewarmed. */
export async function tendPrewarms(plane: ControlPlane, logger: Logger): Promise<void> {
  await tendEachPrewarmed(plane, logger, {
    isDue: ({ state }) => state !== 'failed',
    tend: async (transaction, playspec) => await tend(plane, transaction, playspec),
    committed: 'prewarm-step-committed',
    trouble: 'prewarming does not get on; trying again',
  });
}

async function tend(
  plane: ControlPlane,
  transaction: Database,
  playspec: Prewarmed,
): Promise<readonly News[]> {
  const { prewarm } = playspec;
  if (prewarm.state === 'making') return await goOn(plane, transaction, playspec, prewarm);
  if (prewarm.state === 'stale') return await renew(plane, transaction, playspec, prewarm);
  const known = await findInventory(transaction);
  if (known === null || fits(plane, playspec, known.inventory)) return [];
  await savePrewarm(transaction, playspec, { ...prewarm, state: 'stale' });
  return [];
}

async function goOn(
  plane: ControlPlane,
  transaction: Database,
  playspec: StoredPlayspec,
  prewarm: StoredPrewarm,
): Promise<readonly News[]> {
  const { playgroundId, cutId, snapshotId: former } = prewarm;
  const playground = playgroundId === null ? null : await findPlayground(transaction, playgroundId);
  const cut = cutId === null ? null : await findOperation(transaction, cutId);
  const step = nextPrewarmStep(playspec, playground, cut);
  if (step.kind === 'wait') return [];
  if (step.kind === 'cut' && playground !== null) {
    const savedAs = referenceOf(playspec);
    const operation = await acceptCut(plane, transaction, playground, {
      origin: 'prewarm',
      memory: true,
      savedAs,
    });
    await savePrewarm(transaction, playspec, { ...prewarm, cutId: operation.id, operationId: operation.id });
    return [
      { kind: 'operation', operation },
      { kind: 'playground', playground: toPublicPlayground(playground) },
    ];
  }
  const over = { ...prewarm, cutId: null };
  const ended: StoredPrewarm =
    step.kind === 'fail'
      ? { ...over, state: 'failed', error: step.error }
      : {
          ...over,
          state: 'ready',
          snapshotId: cutId,
          // What the playground was made of by then: a first start fetches kernels and images.
          fingerprint: await fingerprintNow(transaction, playground),
        };
  await savePrewarm(transaction, playspec, ended);
  return [
    ...(step.kind === 'fail' || former === null ? [] : await releaseSnapshot(plane, transaction, former)),
    ...(playgroundId === null ? [] : await dismiss(plane, transaction, playgroundId)),
  ];
}

/** Made anew in the name of who asked for it. */
async function renew(
  plane: ControlPlane,
  transaction: Database,
  playspec: StoredPlayspec,
  { playgroundId }: StoredPrewarm,
): Promise<readonly News[]> {
  if (!plane.engine.connected) return [];
  const former = playgroundId === null ? null : await findPlayground(transaction, playgroundId);
  const owner = former?.owner ?? playspec.owner ?? 'admin';
  const { playground, operation } = await acceptPrewarm(plane, transaction, playspec, owner);
  return [
    { kind: 'operation', operation },
    { kind: 'playground', playground: toPublicPlayground(playground) },
  ];
}

/** Whether a start of now would resume from what there is. A manifest that cannot be started at all stays as it is. */
function fits({ limits }: ControlPlane, playspec: StoredPlayspec, inventory: Inventory): boolean {
  try {
    return draftStart(playspec, null, {}, inventory, limits).from !== null;
  } catch (error) {
    if (error instanceof PlayhouseError) return true;
    throw error;
  }
}

async function fingerprintNow(
  database: Database,
  playground: { readonly manifest: Manifest; readonly conditions: Readonly<Record<string, string>> } | null,
): Promise<string> {
  const known = await findInventory(database);
  if (playground === null || known === null) return '';
  return fingerprintOf(playground.manifest, playground.conditions, known.inventory);
}
