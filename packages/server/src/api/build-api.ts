// The HTTP API: the contract's route table on Fastify. Routes, parsing, access and errors are handled here once for all;
// what a route does is in the handlers of its noun.
import websocket from '@fastify/websocket';
import { namesSubjectIn, tokenNeed } from '@playhouse/contract/routes/access-rule';
import type { Route } from '@playhouse/contract/routes/route';
import { routeTable } from '@playhouse/contract/routes/route-table';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { Authenticate } from '../auth/authenticate.ts';
import { admit, authorize } from '../auth/authorize.ts';
import type { Principal } from '../auth/principal.ts';
import type { ControlPlane } from '../control-plane.ts';
import { createAccountHandlers } from './account-handlers.ts';
import { Callers } from './callers.ts';
import type { Guard } from './guard.ts';
import { createCatalogHandlers } from './catalog-handlers.ts';
import { createCredentialHandlers } from './credential-handlers.ts';
import { createFastify } from './create-fastify.ts';
import type { Handlers } from './handlers.ts';
import { createLogHandlers } from './log-handlers.ts';
import { createMachineHandlers } from './machine-handlers.ts';
import { createOperationHandlers } from './operation-handlers.ts';
import { parseRequest } from './parse-request.ts';
import { createPlaygroundHandlers } from './playground-handlers.ts';
import { createPlayspecHandlers } from './playspec-handlers.ts';
import { registerEvents } from './register-events.ts';
import { registerExec } from './register-exec.ts';
import { registerLogs } from './register-logs.ts';
import { registerTunnel } from './register-tunnel.ts';
import { createForkHandlers } from './fork-handlers.ts';
import { createServicesHandlers } from './services-handlers.ts';
import { createSnapshotHandlers } from './snapshot-handlers.ts';
import { createSourceHandlers } from './source-handlers.ts';
import { type Build, createSystemHandlers } from './system-handlers.ts';
import { createTaskHandlers } from './task-handlers.ts';

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
    ...createForkHandlers(plane),
    ...createServicesHandlers(plane),
    ...createLogHandlers(plane, options.build),
    ...createMachineHandlers(plane),
    ...createTaskHandlers(plane),
    ...createOperationHandlers(plane),
    ...createPlayspecHandlers(plane),
    ...createSnapshotHandlers(plane),
    ...createCatalogHandlers(plane),
    ...createAccountHandlers(plane),
    ...createCredentialHandlers(plane),
    ...createSourceHandlers(plane),
    ...createSystemHandlers(plane, options.build),
  };
  const guard: Guard = { plane, authenticate, callers: new Callers() };
  for (const [name, route] of Object.entries(routeTable)) {
    registerRoute(api, route, handlers[name as keyof Handlers] as LooseHandler, guard);
  }
  registerEvents(api, guard);
  registerExec(api, guard);
  registerLogs(api, guard);
  registerTunnel(api, guard);
  return api;
}

/** A handler as the loop over the table sees it: that input and route belong together is known to the types above. */
type LooseHandler = (request: Record<string, unknown>, caller: Principal) => unknown;

function registerRoute(
  api: FastifyInstance,
  route: Route,
  handle: LooseHandler,
  { plane, authenticate, callers }: Guard,
): void {
  api.route({
    method: route.method,
    url: route.path,
    // Before the body is read: who may not call cannot make the server read megabytes.
    onRequest: async (request) => {
      const login = tokenNeed(route.access) === 'none' ? null : await authenticate(request.headers, null);
      const caller = admit(route.access, login);
      callers.note(request, caller);
      if (namesSubjectIn(route.access) !== 'path') return;
      const { parameters: schema } = route;
      const { parameters } = parseRequest(
        { ...(schema && { parameters: schema }) },
        { parameters: request.params },
      );
      await authorize(plane.store.database, route.access, caller, { parameters });
    },
    handler: async (request, reply) => {
      const { params: parameters, query, body } = request;
      const parsed = parseRequest(route, { parameters, query, body });
      const caller = callers.of(request);
      if (namesSubjectIn(route.access) === 'body')
        await authorize(plane.store.database, route.access, caller, { body: parsed.body });
      const response = await handle({ ...parsed }, caller);
      return reply.code(route.status).send(response);
    },
  });
}
