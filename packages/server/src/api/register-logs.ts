import { logsInput, logsPath } from '@playhouse/contract/routes/web-socket-paths';
import { type LogReader, pipeLogs } from '@playhouse/gateway/pipe-logs';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { authorize } from '../auth/authorize.ts';
import { openLogs } from '../logs/open-logs.ts';
import { parseRequest } from './parse-request.ts';
import type { Guard } from './guard.ts';
import { closeWithToken, guardWebSocket } from './web-socket-guard.ts';

/** `GET …/logs/stream` as a WebSocket. The log is opened before the upgrade, so that a refusal is an ordinary error response. */
export function registerLogs(api: FastifyInstance, { plane, authenticate, callers }: Guard): void {
  const opened = new WeakMap<FastifyRequest, LogReader>();
  api.route({
    method: 'GET',
    url: logsPath,
    websocket: true,
    onRequest: async (request) => {
      callers.note(request, await guardWebSocket(request, logsInput.access, authenticate));
    },
    preHandler: async (request) => {
      const { parameters, query } = parseRequest(logsInput, {
        parameters: request.params,
        query: request.query,
      });
      await authorize(plane.store.database, logsInput.access, callers.of(request), { parameters });
      const reader = await openLogs(plane, parameters.playground, query);
      opened.set(request, reader);
      // A client that leaves before the upgrade must not leave the log being read.
      request.raw.socket.once('close', () => reader.close());
      if (request.raw.socket.destroyed) reader.close();
    },
    handler: async (client, request) => {
      const reader = opened.get(request);
      if (reader === undefined) return client.close(1011);
      closeWithToken(client, request, authenticate);
      await pipeLogs(client, reader);
    },
  });
}
