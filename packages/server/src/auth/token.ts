import { createHash, randomBytes } from 'node:crypto';

/** A new access token: 32 random bytes, recognisable by its prefix when it turns up where it should not. */
export function createToken(): string {
  return `ph_${randomBytes(32).toString('base64url')}`;
}

/** Whether text has the form of a token. */
export function isToken(text: string): boolean {
  return /^ph_[A-Za-z0-9_-]{43}$/.test(text);
}

/** SHA-256 as hex. A fast hash is enough: the token has 256 random bits. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
