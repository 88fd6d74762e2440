import { PlayhouseError, toErrorBody, toPlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';

/** Largest request body: a manifest of the largest size (1 MiB) and what JSON adds to it. */
export const bodyLimitBytes = 2 * 2 ** 20;

/** The longest body that is still read, and thrown away, after it was refused. */
const lingerLimitBytes = 64 * 2 ** 20;

/** The one way an error leaves the API: `{ error: { code, message, hint, problems? } }` with the catalogue's status. */
export function sendError(thrown: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = explain(thrown);
  if (error.code === 'internal-error') request.log.error({ err: error.cause ?? error }, 'internal error');
  letTheBodyArrive(request, reply);
  return reply.code(error.status).send({ error: toErrorBody(error) });
}

/**
 * Fastify closes the connection when it refuses a body. The kernel then resets it under a client that is still sending,
 * which sees a broken connection and never the answer. Node.js reads on and throws away where the connection stays open.
 */
function letTheBodyArrive(request: FastifyRequest, reply: FastifyReply): void {
  if (Number(request.headers['content-length']) <= lingerLimitBytes) reply.removeHeader('connection');
}

/** Answers a path that is not in the route table. */
export function sendRouteUnknown(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const path = request.url.split('?', 1)[0] ?? '';
  const error = new PlayhouseError('route-unknown', { method: request.method, path });
  return reply.code(error.status).send({ error: toErrorBody(error) });
}

function explain(thrown: FastifyError): PlayhouseError {
  if (thrown instanceof PlayhouseError) return thrown;
  if (thrown.code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return new PlayhouseError('request-too-large', { limit: `${bodyLimitBytes / 2 ** 20} MiB` });
  }
  const { statusCode = 500 } = thrown;
  if (statusCode < 400 || statusCode >= 500) return toPlayhouseError(thrown);
  return new PlayhouseError(
    'request-invalid',
    { detail: thrown.message.replace(/\.$/, '') },
    { cause: thrown },
  );
}
