import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { FastifyRequest } from 'fastify';
import { type Authenticate, checkOrigin } from '../auth/authenticate.ts';

/**
 * Checks a WebSocket's request before it is upgraded, so that a refusal is an ordinary HTTP response.
 * @throws PlayhouseError token-missing, token-invalid, request-invalid
 */
export function guardWebSocket(request: FastifyRequest, authenticate: Authenticate): void {
  const { token } = request.query as { token?: unknown };
  authenticate(request.headers, typeof token === 'string' ? token : null);
  checkOrigin(request.headers);
  if (!request.ws) throw new PlayhouseError('request-invalid', { detail: 'this path speaks WebSocket only' });
}
