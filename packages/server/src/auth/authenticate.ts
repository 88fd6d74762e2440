// Who may call. Every request carries `Authorization: Bearer TOKEN`; a WebSocket, for which a browser cannot set headers,
// may carry `?token=` instead. Tokens are never logged.
import type { IncomingHttpHeaders } from 'node:http';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { matchesToken } from './token.ts';

/** Checks a request. Throws `token-missing` or `token-invalid`. */
export type Authenticate = (headers: IncomingHttpHeaders, queryToken: string | null) => void;

/** `hashes` are the SHA-256 sums (hex) of the tokens that are good. */
export function createAuthenticate(hashes: readonly string[]): Authenticate {
  return (headers, queryToken) => {
    const token = bearer(headers.authorization) ?? queryToken;
    if (token === null) throw new PlayhouseError('token-missing');
    if (!matchesToken(token, hashes)) throw new PlayhouseError('token-invalid');
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
