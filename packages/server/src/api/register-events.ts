import type { Event } from '@playhouse/contract/event';
import { eventsInput, eventsPath } from '@playhouse/contract/routes/web-socket-paths';
import type { FastifyInstance } from 'fastify';
import type { WebSocket } from 'ws';
import { isFor } from '../auth/audience.ts';
import { authorize } from '../auth/authorize.ts';
import type { Principal } from '../auth/principal.ts';
import type { ControlPlane } from '../control-plane.ts';
import { getOperation } from '../operations/cancel-operation.ts';
import { withoutRevision } from '../store/operations.ts';
import { parseRequest } from './parse-request.ts';
import type { Guard } from './guard.ts';
import { closeWithToken, guardWebSocket } from './web-socket-guard.ts';

/** Bytes that may wait for a reader; one that is slower is closed and comes back for the current state. */
const bufferLimitBytes = 4 * 2 ** 20;

const pingMs = 30_000;

/** `GET /api/events[?operation=ID]` as a WebSocket. */
export function registerEvents(api: FastifyInstance, { plane, authenticate, callers }: Guard): void {
  const operationOf = ({ query }: { query: unknown }) => parseRequest(eventsInput, { query }).query.operation;
  api.route({
    method: 'GET',
    url: eventsPath,
    websocket: true,
    onRequest: async (request) => {
      callers.note(request, await guardWebSocket(request, eventsInput.access, authenticate));
    },
    preHandler: async (request) => {
      const operation = operationOf(request);
      if (operation === undefined) return;
      await authorize(plane.store.database, 'operation', callers.of(request), { parameters: { operation } });
    },
    handler: (socket, request) => {
      closeWithToken(socket, request, authenticate);
      return serveEvents(socket, plane, callers.of(request), operationOf(request));
    },
  });
}

async function serveEvents(
  socket: WebSocket,
  plane: ControlPlane,
  caller: Principal,
  operationId: string | undefined,
): Promise<void> {
  // Listening begins before the state is read, so that nothing falls between the two.
  const early: Event[] = [];
  let take = (event: Event): void => void early.push(event);
  // One after the other: whom an event is for takes a look into the store, and events must keep their order.
  let turn = Promise.resolve();
  const unsubscribe = plane.feed.subscribe((event) => {
    if (operationId !== undefined && !concerns(event, operationId)) return;
    turn = turn.then(async () => {
      if (await isFor(plane.store.database, caller, event)) take(event);
    });
    turn.catch(() => socket.terminate());
  });
  const pinger = setInterval(() => socket.ping(), pingMs);
  socket.on('error', () => socket.terminate());
  socket.on('close', () => {
    clearInterval(pinger);
    unsubscribe();
  });

  const send = (event: Event): void => {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > bufferLimitBytes) socket.terminate();
    else socket.send(JSON.stringify(event));
  };
  const first = await currentState(plane, operationId);
  send(first);
  take = send;
  for (const event of early) if (!isOlder(event, first)) send(event);
}

async function currentState(plane: ControlPlane, operationId: string | undefined): Promise<Event> {
  if (operationId === undefined)
    return plane.feed.stamp({ kind: 'engine', connected: plane.engine.connected });
  const operation = withoutRevision(await getOperation(plane.store.database, operationId));
  return plane.feed.stamp({ kind: 'operation', operation });
}

function concerns(event: Event, operationId: string): boolean {
  if (event.kind === 'operation') return event.operation.id === operationId;
  // Whoever follows one operation sees tasks as its progress.
  if (event.kind === 'task') return false;
  if (event.kind === 'playground' || event.kind === 'expiring')
    return event.playground.operationId === operationId;
  return event.kind === 'engine' || event.operationId === operationId;
}

function isOlder(event: Event, first: Event): boolean {
  if (event.kind !== 'operation' || first.kind !== 'operation') return false;
  return event.operation.updatedAt < first.operation.updatedAt;
}
