import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { wrongState } from '@playhouse/contract/errors/wrong-state';
import { execInput, execPath } from '@playhouse/contract/routes/web-socket-paths';
import { pipeSockets } from '@playhouse/gateway/pipe-sockets';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { WebSocket } from 'ws';
import { authorize } from '../auth/authorize.ts';
import type { Principal } from '../auth/principal.ts';
import type { ControlPlane } from '../control-plane.ts';
import { getPlayground } from '../operations/accepted.ts';
import { parseRequest } from './parse-request.ts';
import type { Guard } from './guard.ts';
import { closeWithToken, guardWebSocket } from './web-socket-guard.ts';

const fallbackSize = { columns: 80, rows: 24 };

/** `GET …/exec` as a WebSocket. The engine has found the container before the upgrade, so that a refusal is an ordinary error response. */
export function registerExec(api: FastifyInstance, { plane, authenticate, callers }: Guard): void {
  const opened = new WeakMap<FastifyRequest, WebSocket>();
  api.route({
    method: 'GET',
    url: execPath,
    websocket: true,
    onRequest: async (request) => {
      callers.note(request, await guardWebSocket(request, execInput.access, authenticate));
    },
    preHandler: async (request) => {
      const stream = await open(plane, request, callers.of(request));
      opened.set(request, stream);
      // A client that leaves before the upgrade must not leave the command behind.
      request.raw.socket.once('close', () => {
        if (opened.has(request)) stream.terminate();
      });
      if (request.raw.socket.destroyed) stream.terminate();
    },
    handler: (client, request) => {
      const stream = opened.get(request);
      opened.delete(request);
      if (stream === undefined) return client.close(1011);
      closeWithToken(client, request, authenticate);
      pipeSockets(client, stream);
    },
  });
}

async function open(
  plane: ControlPlane,
  { params, query }: FastifyRequest,
  caller: Principal,
): Promise<WebSocket> {
  const { parameters, query: asked } = parseRequest(execInput, { parameters: params, query });
  await authorize(plane.store.database, execInput.access, caller, { parameters });
  const { id, name, stack, status } = await getPlayground(plane.store.database, parameters.playground);
  if (stack === null) throw new PlayhouseError('exec-of-machines', { playground: name });
  if (status === 'destroyed') throw wrongState({ name, status }, 'entered');
  const { command, user = null, terminal, columns, rows } = asked;
  const size = { columns: columns ?? fallbackSize.columns, rows: rows ?? fallbackSize.rows };
  return await plane.engine.openStream({
    kind: 'services.exec',
    ...{ playgroundId: id, service: parameters.service, command, user },
    terminal: terminal ? size : null,
  });
}
