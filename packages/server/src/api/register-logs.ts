import { logsInput, logsPath } from '@playhouse/contract/routes/web-socket-paths';
import { pipeLogs } from '@playhouse/gateway/pipe-logs';
import type { FastifyInstance } from 'fastify';
import { authorize } from '../auth/authorize.ts';
import { openLogs } from '../logs/open-logs.ts';
import { parseRequest } from './parse-request.ts';
import type { Guard } from './guard.ts';
import { registerOpened } from './register-opened.ts';

/** `GET …/logs/stream` as a WebSocket. */
export function registerLogs(api: FastifyInstance, guard: Guard): void {
  const { plane, callers } = guard;
  registerOpened(api, guard, {
    path: logsPath,
    access: logsInput.access,
    open: async (request) => {
      const { parameters, query } = parseRequest(logsInput, {
        parameters: request.params,
        query: request.query,
      });
      await authorize(plane.store.database, logsInput.access, callers.of(request), { parameters });
      return await openLogs(plane, parameters.playground, query);
    },
    close: (reader) => reader.close(),
    serve: pipeLogs,
  });
}
