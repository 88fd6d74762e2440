import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { AccessRule } from '@playhouse/contract/routes/access-rule';
import type { FastifyRequest } from 'fastify';
import type { WebSocket } from 'ws';
import { type Authenticate, checkOrigin } from '../auth/authenticate.ts';
import { admit } from '../auth/authorize.ts';
import type { Principal } from '../auth/principal.ts';

/** How often it is checked that the token that opened a WebSocket is still good, in milliseconds. */
export const recheckMs = 30_000;

/** Close code of a WebSocket whose token was revoked or expired; 4000 and above are an application's own. */
export const tokenEnded = 4401;

/**
 * Checks a WebSocket's request before it is upgraded, so that a refusal is an ordinary HTTP response.
 * @throws PlayhouseError token-missing, token-invalid, token-expired, forbidden, request-invalid
 */
export async function guardWebSocket(
  request: FastifyRequest,
  rule: AccessRule,
  authenticate: Authenticate,
): Promise<Principal> {
  const principal = admit(rule, await login(request, authenticate));
  checkOrigin(request.headers);
  if (!request.ws) throw new PlayhouseError('request-invalid', { detail: 'this path speaks WebSocket only' });
  return principal;
}

/** Closes the WebSocket when the token that opened it is no longer good. */
export function closeWithToken(socket: WebSocket, request: FastifyRequest, authenticate: Authenticate): void {
  const check = (): void => {
    login(request, authenticate).catch(() => socket.close(tokenEnded, 'the token is no longer good'));
  };
  const timer = setInterval(check, recheckMs);
  socket.on('close', () => clearInterval(timer));
}

function login(request: FastifyRequest, authenticate: Authenticate) {
  const { token } = request.query as { token?: unknown };
  return authenticate(request.headers, typeof token === 'string' ? token : null);
}
