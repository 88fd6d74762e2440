// Sessions: what a browser gets in a cookie for the password, or for the bypass token. Its value is signed, of one playground and one
// day, and is worth nothing once the key that signed it is another. Whoever has the key can tell all values that are let in, so that
// the proxy knows them and needs no engine to look at them.
import { createHmac } from 'node:crypto';

/** Days on which a session is let in, the one on which it began included. */
const days = 8;
const dayMs = 86_400_000;
/** What the browser is told; shorter than what is let in. */
const maxAgeSeconds = ((days - 1) * dayMs) / 1000;

/** Any cookie of ours; none of them is a service’s business. */
export const cookiePattern = '__Host-playhouse-[0-9a-f]{24}';

/** Bound to its host by the browser; a host may have services of more than one playground. */
export function cookieName(playground: string): string {
  return `__Host-playhouse-${playground}`;
}

/** The day of an instant in milliseconds since 1970, in UTC. */
export function dayOf(instant: number): number {
  return Math.floor(instant / dayMs);
}

/** The value that a session has which begins today. */
export function newSession(key: string, playground: string, today: number): string {
  return createHmac('sha256', key).update(`session of ${playground} since ${today}`).digest('base64url');
}

/** All values that are let in today, the newest first. */
export function validSessions(key: string, playground: string, today: number): readonly string[] {
  return Array.from({ length: days }, (_, age) => newSession(key, playground, today - age));
}

/** The `Set-Cookie` that begins a session; without a value, the one that ends it. */
export function setCookie(playground: string, value = ''): string {
  const age = value === '' ? 0 : maxAgeSeconds;
  return `${cookieName(playground)}=${value}; Path=/; Max-Age=${age}; Secure; HttpOnly; SameSite=Lax`;
}

/** The values that a `Cookie` header has for a playground; more than one when something else set cookies of our name. */
export function sessionsIn(header: string | undefined, playground: string): readonly string[] {
  const name = `${cookieName(playground)}=`;
  const parts = (header ?? '').split(';').map((part) => part.trim());
  return parts.filter((part) => part.startsWith(name)).map((part) => part.slice(name.length));
}
