// The HTTP API: the contract's route table on Fastify. Routes, parsing, access and errors are handled here once for all;
// what a route does is in the handlers of its noun.
import websocket from '@fastify/websocket';
import type { Route } from '@playhouse/contract/routes/route';
import { routeTable } from '@playhouse/contract/routes/route-table';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { Authenticate } from '../auth/authenticate.ts';
import type { ControlPlane } from '../control-plane.ts';
import { createCatalogHandlers } from './catalog-handlers.ts';
import { createFastify } from './create-fastify.ts';
import type { Handlers } from './handlers.ts';
import { createMachineHandlers } from './machine-handlers.ts';
import { createOperationHandlers } from './operation-handlers.ts';
import { parseRequest } from './parse-request.ts';
import { createPlaygroundHandlers } from './playground-handlers.ts';
import { registerEvents } from './register-events.ts';
import { registerTunnel } from './register-tunnel.ts';
import { type Build, createSystemHandlers } from './system-handlers.ts';

const frameLimitBytes = 4 * 2 ** 20;

export interface ApiOptions {
  readonly plane: ControlPlane;
  readonly authenticate: Authenticate;
  readonly build: Build;
  readonly logger: FastifyBaseLogger;
}

/** The API, ready to listen or to be injected requests into. */
export async function buildApi(options: ApiOptions): Promise<FastifyInstance> {
  const { plane, authenticate } = options;
  const api = createFastify(options.logger);
  api.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions } = request;
    request.log.debug(
      { method, route: routeOptions.url, status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
      'request',
    );
  });
  await api.register(websocket, { options: { maxPayload: frameLimitBytes } });

  const handlers: Handlers = {
    ...createPlaygroundHandlers(plane),
    ...createMachineHandlers(plane),
    ...createOperationHandlers(plane),
    ...createCatalogHandlers(plane),
    ...createSystemHandlers(plane, options.build),
  };
  for (const [name, route] of Object.entries(routeTable)) {
    registerRoute(api, route, handlers[name as keyof Handlers] as LooseHandler, authenticate);
  }
  registerEvents(api, plane, authenticate);
  registerTunnel(api, plane, authenticate);
  return api;
}

/** A handler as the loop over the table sees it: that input and route belong together is known to the types above. */
type LooseHandler = (request: Record<string, unknown>) => unknown;

function registerRoute(
  api: FastifyInstance,
  route: Route,
  handle: LooseHandler,
  authenticate: Authenticate,
): void {
  api.route({
    method: route.method,
    url: route.path,
    // Before the body is read: who has no token cannot make the server read megabytes.
    onRequest: async ({ headers }) => {
      if (route.access === 'token') authenticate(headers, null);
    },
    handler: async (request, reply) => {
      const { params: parameters, query, body } = request;
      const response = await handle({ ...parseRequest(route, { parameters, query, body }) });
      return reply.code(route.status).send(response);
    },
  });
}
