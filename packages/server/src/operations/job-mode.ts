import { parseCompose } from '@playhouse/contract/compose/parse-compose';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { StoredPlayground } from '../store/playgrounds.ts';

/** True of a playground whose services run once, and which is over when those that are watched have ended. */
export function isJob({ stack }: Pick<StoredPlayground, 'stack'>): boolean {
  if (stack === null) return false;
  const { compose, policy } = stack;
  const parsed = parseCompose(compose.text, { ...compose, policy });
  return parsed.problems === undefined && parsed.plan.jobMode;
}

/**
 * A job runs once: what would have its services run again, from their beginning and with what they did already, is refused.
 * @throws PlayhouseError job-fixed
 */
export function requireNoJob(playground: StoredPlayground, action: string): void {
  if (isJob(playground)) throw new PlayhouseError('job-fixed', { playground: playground.name, action });
}
