import type { AccessToken } from '@playhouse/contract/access-token';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { firstAdmin } from '@playhouse/contract/user';
import type { ControlPlane } from '../control-plane.ts';
import { addToken, removeToken } from '../store/tokens.ts';
import { getUser } from './accounts.ts';
import { adminTokenName } from './admin-token.ts';
import { createToken, hashToken } from './token.ts';

const dayMs = 86_400_000;

export interface NewToken {
  readonly token: AccessToken;
  /** The token itself; it is stored nowhere. */
  readonly secret: string;
}

/** @throws PlayhouseError user-unknown, access-token-exists */
export async function createUserToken(
  plane: ControlPlane,
  wanted: { readonly user: string; readonly name: string; readonly expiresInDays?: number | undefined },
): Promise<NewToken> {
  const { user, name, expiresInDays: days } = wanted;
  const secret = createToken();
  const now = plane.now();
  const expiresAt = days === undefined ? null : new Date(now.getTime() + days * dayMs).toISOString();
  const token = { name, user, createdAt: now.toISOString(), expiresAt };
  const added = await plane.store.transaction(async (transaction) => {
    await getUser(transaction, user);
    return addToken(transaction, { ...token, hash: hashToken(secret) });
  });
  if (!added) throw new PlayhouseError('access-token-exists', { user, name });
  return { token, secret };
}

/** @throws PlayhouseError user-unknown, access-token-unknown, access-token-protected */
export async function revokeUserToken(plane: ControlPlane, user: string, name: string): Promise<AccessToken> {
  if (user === firstAdmin && name === adminTokenName) {
    throw new PlayhouseError('access-token-protected', { user, name });
  }
  return plane.store.transaction(async (transaction) => {
    await getUser(transaction, user);
    const token = await removeToken(transaction, user, name);
    if (token === null) throw new PlayhouseError('access-token-unknown', { user, name });
    return token;
  });
}
