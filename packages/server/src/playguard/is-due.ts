import type { Playground } from '@playhouse/contract/playground';
import { nextStatus } from '@playhouse/contract/playground-status';

const pauseMs = 60_000;

/** True when the lifetime is over and what was chosen for that moment can begin now. */
export function isDue({ expiresAt, onExpiry, status, updatedAt, services }: Expiring, now: Date): boolean {
  if (expiresAt === null || Date.parse(expiresAt) > now.getTime()) return false;
  // What goes or has gone already needs no telling; what is just starting can be stopped a little later.
  if (status === 'destroying' || status === 'stopping') return false;
  if (onExpiry === 'destroy' && hasUncommitted({ services })) return false;
  // What could not be stopped is not tried again at once.
  if (status === 'error' && onExpiry !== 'destroy' && now.getTime() - Date.parse(updatedAt) < pauseMs)
    return false;
  // A job that is over can only go.
  return status === 'completed' || nextStatus(status, onExpiry === 'destroy' ? 'destroy' : 'stop') !== null;
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

/** True when somebody’s work would go with it: changes in a checkout, or commits that only it has. */
export function hasUncommitted({ services }: Pick<Playground, 'services'>): boolean {
  return services.some(
    ({ dirty, standing }) => dirty === true || standing === 'ahead' || standing === 'diverged',
  );
}

type Expiring = Pick<Playground, 'expiresAt' | 'onExpiry' | 'status' | 'updatedAt' | 'services'>;
