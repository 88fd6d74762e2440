import { PlayhouseError, toErrorBody } from '@playhouse/contract/errors/playhouse-error';
import { noSpare, stands } from '../operations/spares.ts';
import type { StoredPlayground } from '../store/playgrounds.ts';
import type { StoredPlayspec, StoredPrewarm, StoredSpare } from '../store/playspecs.ts';

const firstPauseMs = 30_000;
const longestPauseMs = 3_600_000;

export type SpareStep =
  /** Nothing but that this is known of it now. */
  | { readonly kind: 'note'; readonly spare: StoredSpare }
  | { readonly kind: 'make' }
  /** What there is is of no use: it is destroyed. */
  | { readonly kind: 'dismiss'; readonly spare: StoredSpare };

/**
 * What is to be done next about the spare copy of a version. It follows from what the store says alone, so it does not matter how
 * often one looks. `isShort`: more is reserved than the playroom has, spare copies that stay included.
 */
export function nextSpareStep(
  { name }: Pick<StoredPlayspec, 'name'>,
  { state, snapshotId }: Pick<StoredPrewarm, 'state' | 'snapshotId'>,
  spare: StoredSpare,
  playground: StoredPlayground | null,
  { isShort, now }: { readonly isShort: boolean; readonly now: Date },
): SpareStep {
  if (spare.playgroundId === null) {
    const rests = spare.notBefore !== null && now.getTime() < Date.parse(spare.notBefore);
    return state !== 'ready' || rests || isShort ? { kind: 'note', spare } : { kind: 'make' };
  }
  const status = playground?.status ?? 'destroyed';
  // Somebody else took it away: what is dismissed here is not named any more.
  if (playground === null || status === 'destroying' || status === 'destroyed')
    return { kind: 'note', spare: failed(name, spare, null, `it is ${status}.`, now) };
  if (state !== 'ready' || playground.from?.snapshotId !== snapshotId || isShort)
    return { kind: 'dismiss', spare: noSpare };
  if (stands(playground)) return { kind: 'note', spare: { ...spare, state: 'ready', failures: 0 } };
  if (status === 'pending' || status === 'in_progress') return { kind: 'note', spare };
  const detail = status === 'running' ? 'a machine of it has ended.' : `it is ${status}.`;
  return { kind: 'dismiss', spare: failed(name, spare, playground.error, detail, now) };
}

/** One that came to nothing is made again, later each time: what makes it fail may pass. */
function failed(
  name: string,
  { failures }: StoredSpare,
  error: StoredPlayground['error'],
  detail: string,
  now: Date,
): StoredSpare {
  const pauseMs = Math.min(firstPauseMs * 2 ** failures, longestPauseMs);
  const { code, message, hint } = error ?? toErrorBody(new PlayhouseError('spare-lost', { name, detail }));
  return {
    ...noSpare,
    ...{ state: 'failed', error: { code, message, hint }, failures: failures + 1 },
    notBefore: new Date(now.getTime() + pauseMs).toISOString(),
  };
}
