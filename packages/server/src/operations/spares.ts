// Spare copies: hidden playgrounds of a prewarmed playspec that went on from its memory already and stand still. A start that would
// resume takes one over instead. The Playguard makes them, one per version that wants one.
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { projectName } from '@playhouse/contract/identifier';
import type { Playspec } from '@playhouse/contract/playspec';
import { getPlayspec } from '../catalog/get-playspec.ts';
import type { ControlPlane } from '../control-plane.ts';
import { activeOnPlayground } from '../store/operations.ts';
import { findPlayground, handOver, type StoredPlayground } from '../store/playgrounds.ts';
import { savePrewarm } from '../store/playspec-snapshots.ts';
import { findPlayspec, type StoredPlayspec, type StoredSpare, toPublicPlayspec } from '../store/playspecs.ts';
import type { Database } from '../store/schema.ts';
import { acceptOnPlayground, type PlaygroundWork } from './accept-on-playground.ts';
import { startCommand } from './accepted.ts';
import type { NewPlayground } from './create-playground.ts';
import { expiryAfter } from './lifetime-rules.ts';
import { dismiss } from './release-version.ts';

/** What is known of a spare copy before there is one. */
export const noSpare: StoredSpare = {
  state: 'waiting',
  playgroundId: null,
  operationId: null,
  error: null,
  notBefore: null,
  failures: 0,
};

/** How long whoever took one has the playroom for themselves before the next is made. */
const pauseMs = 5000;

/** What is to be made now if it failed before; what stands by or is made stays. */
export function askedAgain(spare: StoredSpare): StoredSpare {
  return spare.playgroundId === null ? noSpare : spare;
}

/**
 * Says that a spare copy of a version is to be kept, or none any more. Said again, one that failed is tried again.
 * @throws PlayhouseError playspec-unknown, playspec-version-unknown, spare-needs-prewarm
 */
export async function keepSpare(plane: ControlPlane, reference: string, wanted: boolean): Promise<Playspec> {
  const { playspec, news } = await plane.store.transaction(async (transaction) => {
    const found = await getPlayspec(transaction, reference);
    const { name, version, prewarm } = found;
    if (prewarm === null) {
      if (wanted) throw new PlayhouseError('spare-needs-prewarm', { name });
      return { playspec: found, news: [] };
    }
    const { spare } = prewarm;
    await savePrewarm(transaction, found, {
      ...prewarm,
      spare: wanted ? askedAgain(spare ?? noSpare) : null,
    });
    const given = wanted ? null : (spare?.playgroundId ?? null);
    const news = given === null ? [] : await dismiss(plane, transaction, given);
    return { playspec: await getPlayspec(transaction, name, version), news };
  });
  plane.feed.publish(...news);
  plane.engine.nudge();
  return toPublicPlayspec(playspec);
}

/** The spare copy that a start would take over, which begins with `from`; null when there is none, or it is not ready. */
export async function findSpare(
  database: Database,
  { name, version }: Pick<StoredPlayspec, 'name' | 'version'>,
  from: StoredPlayground['from'],
): Promise<StoredPlayground | null> {
  if (from?.memory !== 'prefer') return null;
  const playspec = await findPlayspec(database, name, version);
  const id = playspec?.prewarm?.spare?.playgroundId ?? null;
  const found = id === null ? null : await findPlayground(database, id);
  if (found === null || !stands(found) || found.from?.snapshotId !== from.snapshotId) return null;
  return (await activeOnPlayground(database, found.id)).length === 0 ? found : null;
}

/** Whether all of a spare copy is there and waits. */
export function stands({ spare, status, machines }: StoredPlayground): boolean {
  return spare && status === 'running' && machines.every(({ state }) => state === 'running');
}

/** Makes a spare copy what somebody started, in the caller’s transaction. Its number was given when it was made. */
export async function takeOver(
  plane: ControlPlane,
  transaction: Database,
  spare: StoredPlayground,
  { from = null, ...draft }: NewPlayground,
): Promise<PlaygroundWork> {
  const at = plane.now().toISOString();
  const notBefore = new Date(plane.now().getTime() + pauseMs).toISOString();
  const { name, version } = draft.playspec;
  const playspec = await findPlayspec(transaction, name, version);
  if (playspec?.prewarm?.spare)
    await savePrewarm(transaction, playspec, { ...playspec.prewarm, spare: { ...noSpare, notBefore } });
  const taken: StoredPlayground = {
    ...spare,
    ...draft,
    ...{ from, hidden: false, spare: false, createdAt: at },
    name: projectName({ number: spare.number, slug: draft.slug }),
    // Where they can be reached is known; they get host keys of their own.
    machines: spare.machines.map((machine) => ({ ...machine, state: 'pending', hostKey: null })),
  };
  await handOver(transaction, taken);
  const expiresAt = expiryAfter(draft.lifetimeSeconds, plane.now());
  return await acceptOnPlayground(
    plane,
    transaction,
    taken,
    { status: 'pending', expiresAt },
    (operationId, playground) => startCommand(playground, operationId),
  );
}
