import type { Playground } from '@playhouse/contract/playground';
import { nextStatus } from '@playhouse/contract/playground-status';

const pauseMs = 60_000;

/** True when the lifetime is over and what was chosen for that moment can begin now. */
export function isDue({ expiresAt, onExpiry, status, updatedAt }: Expiring, now: Date): boolean {
  if (expiresAt === null || Date.parse(expiresAt) > now.getTime()) return false;
  // What goes or has gone already needs no telling; what is just starting can be stopped a little later.
  if (status === 'destroying' || status === 'stopping') return false;
  // What could not be stopped is not tried again at once.
  if (status === 'error' && onExpiry !== 'destroy' && now.getTime() - Date.parse(updatedAt) < pauseMs)
    return false;
  return nextStatus(status, goesAtEnd({ onExpiry, status }) ? 'destroy' : 'stop') !== null;
}

/** True when the end is near enough to be announced. */
export function isNearEnd(
  { expiresAt, status }: Pick<Expiring, 'expiresAt' | 'status'>,
  now: Date,
  warnMs: number,
): boolean {
  if (expiresAt === null || status === 'destroying' || status === 'stopping') return false;
  const left = Date.parse(expiresAt) - now.getTime();
  return left > 0 && left <= warnMs;
}

/** True when its files go at that moment, whatever else was chosen: a job that is over can only go. */
export function goesAtEnd({ onExpiry, status }: Pick<Expiring, 'onExpiry' | 'status'>): boolean {
  return onExpiry === 'destroy' || status === 'completed';
}

type Expiring = Pick<Playground, 'expiresAt' | 'onExpiry' | 'status' | 'updatedAt'>;
