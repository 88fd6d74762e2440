import type { StoredPlayground } from '../store/playgrounds.ts';
import type { StoredPrewarm, StoredSpare } from '../store/playspecs.ts';
import { noSpare, stands } from '../operations/spares.ts';

/** How long whoever took one has the playroom for themselves before the next is made. */
const pauseMs = 5000;

export type SpareStep =
  /** What is known of it now. */
  | { readonly kind: 'note'; readonly spare: StoredSpare }
  | { readonly kind: 'make' }
  /** What there is is of no use: it is destroyed. */
  | { readonly kind: 'dismiss'; readonly spare: StoredSpare };

/**
 * What is to be done next about the spare copy of a version. It follows from what the store says alone, so it does not matter how
 * often one looks. `isShort`: all that is reserved, spare copies included, is more than the playroom has.
 */
export function nextSpareStep(
  { state, snapshotId }: Pick<StoredPrewarm, 'state' | 'snapshotId'>,
  spare: StoredSpare,
  playground: StoredPlayground | null,
  { isShort, now }: { readonly isShort: boolean; readonly now: Date },
): SpareStep {
  const { takenAt } = spare;
  const none = { ...noSpare, takenAt };
  const isOf = playground?.from?.snapshotId === snapshotId;
  if (playground === null || playground.status === 'destroying' || playground.status === 'destroyed') {
    if (spare.state === 'failed') return { kind: 'note', spare };
    const rests = takenAt !== null && now.getTime() - Date.parse(takenAt) < pauseMs;
    return state !== 'ready' || rests || isShort ? { kind: 'note', spare: none } : { kind: 'make' };
  }
  if (state !== 'ready' || !isOf || isShort) return { kind: 'dismiss', spare: none };
  if (stands(playground)) return { kind: 'note', spare: { ...spare, state: 'ready' } };
  if (playground.status === 'pending' || playground.status === 'in_progress') return { kind: 'note', spare };
  if (playground.status !== 'error' || playground.error === null) return { kind: 'dismiss', spare: none };
  const { step: _step, ...error } = playground.error;
  return { kind: 'dismiss', spare: { ...none, state: 'failed', error } };
}
