// What lets somebody in to the internal services of a playground: sealed in its record, apart from what a rollout changes.
import { createHmac } from 'node:crypto';
import type { SecretBox } from '@playhouse/contract/secret-box';
import { hash } from 'bcryptjs';
import { z } from 'zod';
import type { Access } from '../../ingress/gate/gate.ts';
import { dayOf, validSessions } from '../../ingress/gate/session.ts';
import type { Login } from '../../ingress/ingress-driver.ts';
import type { ServicesRecord } from '../services-record.ts';
import { newHex, openSecrets } from '../services-secrets.ts';

/** User of the Basic auth that protects internal services. */
export const loginUser = 'playground';

const passwordDigits = 24;
const bypassDigits = 48;
const keyDigits = 64;
const bcryptRounds = 8;

const accessSchema = z.object({ password: z.string(), sessionKey: z.string(), bypass: z.string() });
type Sealed = Pick<ServicesRecord, 'access' | 'passwordHash'>;
interface Box {
  readonly box: SecretBox;
}

/** What a new playground has. */
export async function newAccess(tools: Box, id: string): Promise<Sealed> {
  return await sealed(tools, id, { ...freshPassword(), bypass: newHex(bypassDigits) });
}

export function openAccess(tools: Box, record: ServicesRecord): Access {
  const { id } = record.order;
  if (record.access !== null) {
    const kept = accessSchema.parse(JSON.parse(tools.box.unseal(record.access, labelOf(id))));
    return { user: loginUser, ...kept };
  }
  // Of a version that had only a password: the rest follows from it until something is renewed.
  const { password } = openSecrets(tools, record);
  const derived = (what: string) => createHmac('sha256', password).update(`${what} of ${id}`).digest('hex');
  return { user: loginUser, password, sessionKey: derived('sessions'), bypass: derived('bypass') };
}

/** Another password, which ends all sessions that began with the one before; or another bypass token, which ends its own. */
export async function renewAccess(
  tools: Box,
  record: ServicesRecord,
  what: 'password' | 'bypass',
): Promise<Sealed> {
  const { user: _user, ...access } = openAccess(tools, record);
  const fresh = what === 'password' ? freshPassword() : { bypass: newHex(bypassDigits) };
  return await sealed(tools, record.order.id, { ...access, ...fresh });
}

/** What the ingress has to know of it, on a day. */
export function loginOf(tools: Box, record: ServicesRecord, now: number): Login {
  const { user, password, sessionKey, bypass } = openAccess(tools, record);
  const { id } = record.order;
  const sessions = [sessionKey, bypass].flatMap((key) => validSessions(key, id, dayOf(now)));
  return { playground: id, user, password, passwordHash: record.passwordHash, sessions, bypass };
}

function freshPassword() {
  return { password: newHex(passwordDigits), sessionKey: newHex(keyDigits) };
}

async function sealed({ box }: Box, id: string, access: Omit<Access, 'user'>): Promise<Sealed> {
  return {
    access: box.seal(JSON.stringify(access), labelOf(id)),
    passwordHash: await hash(access.password, bcryptRounds),
  };
}

function labelOf(id: string): string {
  return `access to ${id}`;
}
