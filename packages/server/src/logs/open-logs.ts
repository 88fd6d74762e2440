import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { wrongState } from '@playhouse/contract/errors/wrong-state';
import type { LogReader } from '@playhouse/gateway/pipe-logs';
import type { ControlPlane } from '../control-plane.ts';
import { getPlayground } from '../operations/accepted.ts';
import { openLifeCycle } from './life-cycle-log.ts';
import { openServiceLogs } from './service-logs.ts';

/** What a query says of the log that is wanted. */
export interface LogQuery {
  /** With commas between. */
  readonly services: string;
  readonly since?: string | undefined;
  readonly raw: boolean;
  readonly lifeCycle: boolean;
  readonly tail?: number | undefined;
  readonly follow?: boolean;
  readonly after?: string | undefined;
}

/**
 * Opens the log of a playground: of its services, or of its life cycle. Whoever opens it closes it.
 * @throws PlayhouseError playground-unknown, logs-of-machines, playground-state, service-missing, log-streams-limit, engine-down
 */
export async function openLogs(plane: ControlPlane, reference: string, query: LogQuery): Promise<LogReader> {
  const { id, name, stack, status } = await getPlayground(plane.store.database, reference);
  const { since = null, tail = null, follow = false, after = null, raw } = query;
  const request = { since, tail, follow, after, raw, services: query.services.split(',').filter(Boolean) };
  if (query.lifeCycle) return openLifeCycle(plane, id, request);
  if (stack === null) throw new PlayhouseError('logs-of-machines', { playground: name });
  // What was kept of a destroyed playground went with it.
  if (status === 'destroyed') throw wrongState({ name, status }, 'read');
  return await openServiceLogs(plane, id, request);
}
