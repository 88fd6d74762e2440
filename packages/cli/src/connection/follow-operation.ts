import type { Event } from '@playhouse/contract/event';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { hasEnded, type Operation } from '@playhouse/contract/operation';
import type { Connection } from '../program/context.ts';
import { Interrupted } from '../program/interrupted.ts';
import { type EventFeed, openEventFeed } from './event-feed.ts';

export interface Follow {
  readonly operation: Operation;
  readonly onUpdate: (operation: Operation) => void;
  readonly signal: AbortSignal;
  /** How often to ask while there is no feed, in milliseconds. */
  readonly pollEvery?: number;
}

/** A feed that is silent may have lost a message on a server's restart. */
const askWhenSilentFor = 10_000;
/** A server that restarts is back sooner than this. */
const patience = 60_000;

/**
 * Watches an operation to its end, however it ends: over the event feed, and by asking each second when that breaks.
 * @throws Interrupted when the signal aborts (the operation goes on); PlayhouseError server-unreachable
 */
export async function followOperation(connection: Connection, follow: Follow): Promise<Operation> {
  const { signal, onUpdate, pollEvery = 1000 } = follow;
  let latest = follow.operation;
  onUpdate(latest);
  if (hasEnded(latest.status)) return latest;
  const feed = openEventFeed(connection, latest.id);
  const stop = (): void => feed.close();
  signal.addEventListener('abort', stop);
  try {
    let unreachableFor = 0;
    while (!hasEnded(latest.status)) {
      const event = await nextEvent(feed, signal, pollEvery);
      let next = event?.kind === 'operation' && event.operation.id === latest.id ? event.operation : null;
      if (event === null) {
        next = await ask(connection, latest.id, unreachableFor < patience);
        unreachableFor = next === null ? unreachableFor + pollEvery : 0;
      }
      if (next === null) continue;
      latest = next;
      onUpdate(latest);
    }
    return latest;
  } catch (error) {
    throw signal.aborted ? new Interrupted() : error;
  } finally {
    signal.removeEventListener('abort', stop);
    feed.close();
  }
}

async function nextEvent(feed: EventFeed, signal: AbortSignal, pollEvery: number): Promise<Event | null> {
  if (signal.aborted) throw new Interrupted();
  const event = await feed.next(feed.closed ? pollEvery : askWhenSilentFor);
  if (signal.aborted) throw new Interrupted();
  return event;
}

async function ask(connection: Connection, id: string, tolerant: boolean): Promise<Operation | null> {
  try {
    return (await connection.client('operation.get', { parameters: { operation: id } })).operation;
  } catch (error) {
    if (tolerant && error instanceof PlayhouseError && error.code === 'server-unreachable') return null;
    throw error;
  }
}
