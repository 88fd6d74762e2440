import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { bodyLimitBytes, sendError, sendRouteUnknown } from './error-funnel.ts';

/**
 * Fastify as this API uses it, without routes. Some of Fastify's modules are loaded at the first call: one that is thrown
 * away before privileges are dropped sees to it that they can be read.
 */
export function createFastify(logger: FastifyBaseLogger): FastifyInstance {
  const api = Fastify({
    loggerInstance: logger,
    // Its own request log would write the URL, and with it the token of a WebSocket.
    logController: new LogController({ disableRequestLogging: true }),
    // No route has a JSON schema for Fastify, whose own compilers would only take memory: zod does this work.
    schemaController: { compilersFactory: { buildValidator: refuseSchema, buildSerializer: refuseSchema } },
    bodyLimit: bodyLimitBytes,
    exposeHeadRoutes: false,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 300 },
    frameworkErrors: (error, request, reply) => void sendError(error, request, reply),
  });
  api.setErrorHandler(sendError);
  api.setNotFoundHandler(sendRouteUnknown);
  return api;
}

function refuseSchema(): never {
  throw new Error('routes are described in the contract, not by schemas of Fastify');
}
