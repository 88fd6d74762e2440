import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { listServicePlaygrounds } from '../store/playgrounds.ts';
import type { Database } from '../store/schema.ts';
import { checkCapacity, lockPlacement } from './check-capacity.ts';

/** How many Compose playgrounds there may be that are not destroyed; those that are stopped count. */
export interface ServicesLimits {
  readonly perAccount: number;
  readonly perPlayroom: number;
}

export const usualServicesLimits: ServicesLimits = { perAccount: 1000, perPlayroom: 100 };

/**
 * Checks that there is room for `count` more Compose playgrounds of `owner`. Called inside the transaction that takes it. Their own
 * limits are told before that of all playgrounds, which says less.
 * @throws PlayhouseError services-limit, playground-limit, or engine-down when no engine ever said what it has.
 */
export async function checkServicesRoom(
  transaction: Database,
  {
    servicesLimits,
    playgroundLimit,
  }: { readonly servicesLimits: ServicesLimits; readonly playgroundLimit: number },
  { owner, count }: { readonly owner: string; readonly count: number },
): Promise<void> {
  await lockPlacement(transaction);
  const living = await listServicePlaygrounds(transaction);
  const own = living.filter((playground) => playground.owner === owner);
  const check = (whose: string, there: number, limit: number): void => {
    if (there + count > limit) throw new PlayhouseError('services-limit', { whose, limit, count: there });
  };
  check('An account', own.length, servicesLimits.perAccount);
  check('A playroom', living.length, servicesLimits.perPlayroom);
  await checkCapacity(transaction, { ramBytes: 0, playgroundId: null, playgroundLimit, count });
}
