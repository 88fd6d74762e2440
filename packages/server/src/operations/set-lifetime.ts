import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { wrongState } from '@playhouse/contract/errors/wrong-state';
import type { ExpiryAction } from '@playhouse/contract/lifetime';
import type { Playground } from '@playhouse/contract/playground';
import { holdsResources } from '@playhouse/contract/playground-status';
import type { ControlPlane } from '../control-plane.ts';
import { savePlayground, type StoredPlayground, toPublicPlayground } from '../store/playgrounds.ts';
import { getPlayground } from './accepted.ts';
import { findUnderWay } from './accept-on-playground.ts';
import { isJob } from './job-mode.ts';
import {
  chooseLifetime,
  expiryAfter,
  type LifetimeRules,
  requireAllowed,
  rulesFor,
} from './lifetime-rules.ts';

export interface LifetimeRequest {
  /** Seconds, null for no end; undefined leaves it as it is. */
  readonly lifetimeSeconds?: number | null | undefined;
  /** True adds the seconds, or what a start gets by default, to what is left; a playground without an end keeps none. */
  readonly extend: boolean;
  readonly onExpiry?: ExpiryAction | undefined;
}

/**
 * Gives a playground another lifetime, counted from now, or more of it. A stopped one has it from its restart on.
 * @throws PlayhouseError playground-unknown, playground-state, job-fixed, extension-unsaid, lifetime-too-long
 */
export async function setLifetime(
  plane: ControlPlane,
  reference: string,
  request: LifetimeRequest,
): Promise<Playground> {
  const changed = await plane.store.transaction(async (transaction) => {
    const found = await getPlayground(transaction, reference);
    const { name: playground, status } = found;
    // Also where the engine has been told to and has not begun: whoever is promised more time has it.
    const going =
      status === 'destroying' || (await findUnderWay(transaction, found, 'playground.destroy')) !== null;
    if (going || status === 'destroyed') {
      const shown = going ? 'destroying' : status;
      throw wrongState({ name: playground, status: shown }, 'given a lifetime');
    }
    if (status === 'completed')
      throw new PlayhouseError('job-fixed', { playground, action: 'extended once it is over' });
    const at = plane.now().toISOString();
    const next = { ...found, ...lifetimeAfter(plane, found, request), updatedAt: at };
    await savePlayground(transaction, next);
    return next;
  });
  const playground = toPublicPlayground(changed);
  plane.feed.publish({ kind: 'playground', playground });
  return playground;
}

function lifetimeAfter(
  { lifetimes, now: clock }: ControlPlane,
  found: StoredPlayground,
  request: LifetimeRequest,
): Pick<Playground, 'lifetimeSeconds' | 'expiresAt' | 'onExpiry'> {
  const { lifetimeSeconds: former, expiresAt, status, onExpiry } = found;
  const now = clock();
  const action = request.onExpiry ?? onExpiry;
  const { lifetimeSeconds, extend } = request;
  const asked = extend && lifetimeSeconds === undefined ? usualExtension(lifetimes, found) : lifetimeSeconds;
  if (asked === undefined) return { lifetimeSeconds: former, expiresAt, onExpiry: action };
  if (!extend || asked === null) {
    const chosen = chooseLifetime(lifetimes, asked);
    const begins = holdsResources(status);
    return {
      lifetimeSeconds: chosen,
      expiresAt: begins ? expiryAfter(chosen, now) : null,
      onExpiry: action,
    };
  }
  if (expiresAt === null) {
    const longer = former === null ? null : requireAllowed(lifetimes.longest, former + asked);
    return { lifetimeSeconds: longer, expiresAt, onExpiry: action };
  }
  const left = Math.max(0, Math.ceil((Date.parse(expiresAt) - now.getTime()) / 1000));
  const seconds = requireAllowed(lifetimes.longest, left + asked);
  return { lifetimeSeconds: former, expiresAt: expiryAfter(seconds, now), onExpiry: action };
}

/** What is added when nobody says how much: the lifetime that the playground would have got by default, in seconds. */
function usualExtension(lifetimes: LifetimeRules, playground: StoredPlayground): number {
  const { standard } = rulesFor(lifetimes, isJob(playground));
  if (standard === null) throw new PlayhouseError('extension-unsaid', { playground: playground.name });
  return standard;
}
