// Who calls. A request carries `Authorization: Bearer TOKEN`; a WebSocket, for which a browser cannot set headers, may carry
// `?token=` instead. Tokens are never logged, and looked up by their hash, so that the time it takes tells nothing of them.
import type { IncomingHttpHeaders } from 'node:http';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { AccessToken } from '@playhouse/contract/access-token';
import type { Database } from '../store/schema.ts';
import { findTokenByHash } from '../store/tokens.ts';
import type { StoredUser } from '../store/users.ts';
import { hashToken, isToken } from './token.ts';

export interface Login {
  readonly user: StoredUser;
  readonly token: AccessToken;
}

/** Whose token a request carries; null when it carries none. Throws `token-invalid` or `token-expired`. */
export type Authenticate = (headers: IncomingHttpHeaders, queryToken: string | null) => Promise<Login | null>;

export function createAuthenticate(database: Database, now: () => Date): Authenticate {
  return async (headers, queryToken) => {
    const token = bearer(headers.authorization) ?? queryToken;
    if (token === null) return null;
    const found = isToken(token) ? await findTokenByHash(database, hashToken(token)) : null;
    if (found === null) throw new PlayhouseError('token-invalid');
    const { expiresAt, name, user } = found.token;
    if (expiresAt !== null && expiresAt <= now().toISOString()) {
      throw new PlayhouseError('token-expired', { name, user, at: expiresAt });
    }
    return found;
  };
}

/**
 * Refuses a WebSocket that a page of another origin opened. Programs send no Origin.
 * @throws PlayhouseError request-invalid
 */
export function checkOrigin(headers: IncomingHttpHeaders): void {
  const { origin, host } = headers;
  if (origin === undefined) return;
  if (URL.canParse(origin) && new URL(origin).host === host) return;
  throw new PlayhouseError('request-invalid', {
    detail: 'a page of another origin may not open WebSockets here',
  });
}

function bearer(header: string | undefined): string | null {
  const match = /^Bearer +(\S+) *$/i.exec(header ?? '');
  return match?.[1] ?? null;
}
