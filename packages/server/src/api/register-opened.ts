import type { AccessRule } from '@playhouse/contract/routes/access-rule';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { WebSocket } from 'ws';
import type { Guard } from './guard.ts';
import { closeWithToken, guardWebSocket } from './web-socket-guard.ts';

/** A WebSocket that leads to something which is opened for it. */
export interface OpenedWebSocket<Opened> {
  readonly path: string;
  readonly access: AccessRule;
  /** Opens it for a caller who was let in; what it throws is the answer. */
  readonly open: (request: FastifyRequest) => Promise<Opened>;
  readonly close: (opened: Opened) => void;
  /** Has it from here on, and closes it. */
  readonly serve: (client: WebSocket, opened: Opened) => Promise<void> | void;
}

/** What it leads to is opened before the upgrade, so that a refusal is an ordinary error response. */
export function registerOpened<Opened>(
  api: FastifyInstance,
  { authenticate, callers }: Guard,
  { path, access, open, close, serve }: OpenedWebSocket<Opened>,
): void {
  const waiting = new WeakMap<FastifyRequest, { readonly opened: Opened }>();
  api.route({
    method: 'GET',
    url: path,
    websocket: true,
    onRequest: async (request) => {
      callers.note(request, await guardWebSocket(request, access, authenticate));
    },
    preHandler: async (request) => {
      const opened = await open(request);
      waiting.set(request, { opened });
      // A client that leaves before the upgrade must not leave it open.
      request.raw.socket.once('close', () => {
        if (waiting.has(request)) close(opened);
      });
      if (request.raw.socket.destroyed) close(opened);
    },
    handler: async (client, request) => {
      const found = waiting.get(request);
      waiting.delete(request);
      if (found === undefined) return client.close(1011);
      closeWithToken(client, request, authenticate);
      await serve(client, found.opened);
    },
  });
}
