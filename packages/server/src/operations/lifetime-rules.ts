import type { Configuration } from '@playhouse/contract/configuration';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { type ExpiryAction, formatLifetime, parseLifetime } from '@playhouse/contract/lifetime';

/** What this server says about how long playgrounds live. Lifetimes are in seconds, null is no end. */
export interface LifetimeRules {
  /** For who does not say. */
  readonly standard: number | null;
  readonly longest: number | null;
  readonly onExpiry: ExpiryAction;
}

export function lifetimeRules({ server }: Pick<Configuration, 'server'>): LifetimeRules {
  const { defaultLifetime, maxLifetime, onExpiry } = server;
  return { standard: parseLifetime(defaultLifetime), longest: parseLifetime(maxLifetime), onExpiry };
}

/** How long a job may run unless somebody says otherwise, in seconds. */
const jobSeconds = 3600;

/** The rules for jobs, or for all other playgrounds. */
export function rulesFor(rules: LifetimeRules, isJob: boolean): LifetimeRules {
  return isJob ? { ...rules, standard: jobSeconds } : rules;
}

/**
 * The lifetime of a playground for which `asked` was asked; undefined asks for nothing particular.
 * @throws PlayhouseError lifetime-too-long
 */
export function chooseLifetime(
  { standard, longest }: LifetimeRules,
  asked: number | null | undefined,
): number | null {
  if (asked !== undefined) return requireAllowed(longest, asked);
  if (longest === null) return standard;
  return standard === null ? longest : Math.min(standard, longest);
}

/** The lifetime of a playground that is made from another one: as long as that one’s, or what is allowed by now. */
export function inheritLifetime({ longest }: LifetimeRules, former: number | null): number | null {
  if (longest === null) return former;
  return former === null ? longest : Math.min(former, longest);
}

/** @throws PlayhouseError lifetime-too-long */
export function requireAllowed(longest: number | null, asked: number | null): number | null {
  if (longest === null || (asked !== null && asked <= longest)) return asked;
  throw new PlayhouseError('lifetime-too-long', {
    asked: asked === null ? 'none' : formatLifetime(asked),
    longest: formatLifetime(longest),
  });
}

/** The instant when a lifetime that begins now is over. */
export function expiryAfter(seconds: number | null, now: Date): string | null {
  return seconds === null ? null : new Date(now.getTime() + seconds * 1000).toISOString();
}
