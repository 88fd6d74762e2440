// Reads the server's event feed. A feed is a hint: a reader that loses it goes on by asking for the state.
import { eventsPath } from '@playhouse/contract/routes/web-socket-paths';
import type { Event } from '@playhouse/contract/event';
import { WebSocket } from 'ws';
import type { Access } from '../program/context.ts';

export interface EventFeed {
  /** True once the socket is gone; nothing will come any more. */
  readonly closed: boolean;
  /** The next event; null when none came within the time, or the feed closed meanwhile. */
  next(milliseconds: number): Promise<Event | null>;
  close(): void;
}

/** Opens the feed, of one operation or of all there is. Never throws: a feed that cannot be opened is a closed one. */
export function openEventFeed(access: Access, operationId: string | null): EventFeed {
  const query = operationId === null ? '' : `?operation=${operationId}`;
  const url = `${access.endpoint.replace(/^http/, 'ws')}${eventsPath}${query}`;
  const headers = access.token === null ? {} : { authorization: `Bearer ${access.token}` };
  const socket = new WebSocket(url, { headers, perMessageDeflate: false, handshakeTimeout: 5000 });
  const queue: Event[] = [];
  let closed = false;
  let wake = (): void => undefined;
  socket.on('message', (data: Buffer) => {
    const event = parseEvent(data);
    if (event !== null) queue.push(event);
    wake();
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    closed = true;
    wake();
  });
  return {
    get closed() {
      return closed;
    },
    async next(milliseconds) {
      if (queue.length === 0) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, milliseconds);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      return queue.shift() ?? null;
    },
    close: () => socket.terminate(),
  };
}

function parseEvent(data: Buffer): Event | null {
  try {
    return JSON.parse(data.toString()) as Event;
  } catch {
    return null;
  }
}
