import { PlayhouseError, toErrorBody } from '@playhouse/contract/errors/playhouse-error';
import { hasEnded } from '@playhouse/contract/operation';
import type { PrewarmState } from '@playhouse/contract/playspec';
import type { StoredOperation } from '../store/operations.ts';
import type { StoredPlayground } from '../store/playgrounds.ts';
import type { StoredPlayspec } from '../store/playspecs.ts';

export type PrewarmStep =
  | { readonly kind: 'wait' }
  /** The hidden playground runs: cut it. */
  | { readonly kind: 'cut' }
  /** The cut is there: starts resume from it, and the playground has served its purpose. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'fail'; readonly error: NonNullable<PrewarmState['error']> };

const wait = { kind: 'wait' } as const;

/**
 * What is to be done next for a version that is being prewarmed. It follows from what the store says alone, so it does not
 * matter how often one looks, or whether the server ended in between.
 */
export function nextPrewarmStep(
  { name }: Pick<StoredPlayspec, 'name'>,
  playground: Pick<StoredPlayground, 'status' | 'error'> | null,
  cut: Pick<StoredOperation, 'status' | 'error'> | null,
): PrewarmStep {
  if (cut !== null) {
    if (!hasEnded(cut.status)) return wait;
    return cut.status === 'succeeded' ? { kind: 'ready' } : failed(name, cut.error, 'its cut was cancelled');
  }
  const status = playground?.status ?? 'destroyed';
  if (status === 'pending' || status === 'in_progress') return wait;
  if (status === 'running' || status === 'has_changes') return { kind: 'cut' };
  return failed(name, playground?.error ?? null, `the playground that it was to be made of is ${status}`);
}

/** What went wrong where it is known, else in words. */
function failed(name: string, error: StoredOperation['error'], detail: string): PrewarmStep {
  if (error === null) {
    const { code, message, hint } = toErrorBody(new PlayhouseError('prewarm-failed', { name, detail }));
    return { kind: 'fail', error: { code, message, hint } };
  }
  const { step: _step, ...body } = error;
  return { kind: 'fail', error: body };
}
