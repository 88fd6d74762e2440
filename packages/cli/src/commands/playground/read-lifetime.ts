import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { type ExpiryAction, expiryActions, parseLifetime } from '@playhouse/contract/lifetime';

export interface LifetimeOptions {
  readonly lifetime?: string | undefined;
  readonly onExpiry?: string | undefined;
}

/**
 * The parts of a request that options about the lifetime make; what was not given is left out.
 * @throws PlayhouseError usage
 */
export function lifetimeOf(
  { lifetime, onExpiry }: LifetimeOptions,
  command: string,
): { lifetimeSeconds?: number | null; onExpiry?: ExpiryAction } {
  return {
    ...(lifetime === undefined ? {} : { lifetimeSeconds: readLifetime(lifetime, command) }),
    ...(onExpiry === undefined ? {} : { onExpiry: readAction(onExpiry, command) }),
  };
}

/** Seconds, or null for `none`. */
function readLifetime(text: string, command: string): number | null {
  if (text === 'none') return null;
  const seconds = parseLifetime(text);
  if (seconds !== null) return seconds;
  const detail = `\`${text}\` is no lifetime; expected something like 90m, 2h30m or 2d, or none.`;
  throw new PlayhouseError('usage', { detail, command });
}

function readAction(text: string, command: string): ExpiryAction {
  const action = expiryActions.find((each) => each === text);
  if (action !== undefined) return action;
  const detail = `\`${text}\` is nothing that can be done at the end of a lifetime; expected ${expiryActions.join(' or ')}.`;
  throw new PlayhouseError('usage', { detail, command });
}
