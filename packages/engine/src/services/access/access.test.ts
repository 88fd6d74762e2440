import { SecretBox } from '@playhouse/contract/secret-box';
import { expect, test } from 'vitest';
import { sampleRecord } from '../testing/sample-record.ts';
import { sampleSecrets } from '../testing/sample-secrets.ts';
import { loginOf, newAccess, openAccess, renewAccess } from './access.ts';

const box = new SecretBox(new Uint8Array(32).fill(7));
const id = 'f'.repeat(24);
const now = Date.UTC(2026, 0, 1);

test('nothing of it can be read in the record', async () => {
  const record = sampleRecord(await newAccess({ box }, id));
  const { password, sessionKey, bypass } = openAccess({ box }, record);
  expect(password).toMatch(/^[0-9a-f]{24}$/);
  for (const secret of [password, sessionKey, bypass]) expect(JSON.stringify(record)).not.toContain(secret);
});

test('another password is another key for sessions; the token and its sessions stay', async () => {
  const before = sampleRecord(await newAccess({ box }, id));
  const after = { ...before, ...(await renewAccess({ box }, before, 'password')) };
  const [old, fresh] = [openAccess({ box }, before), openAccess({ box }, after)];
  expect(fresh.password).not.toBe(old.password);
  expect(fresh.bypass).toBe(old.bypass);
  const shared = new Set(loginOf({ box }, after, now).sessions).intersection(
    new Set(loginOf({ box }, before, now).sessions),
  );
  // Eight days of those that began with the token.
  expect(shared.size).toBe(8);
  expect(after.passwordHash).not.toBe(before.passwordHash);
});

test('another token ends the sessions that began with the one before, and no others', async () => {
  const before = sampleRecord(await newAccess({ box }, id));
  const after = { ...before, ...(await renewAccess({ box }, before, 'bypass')) };
  expect(openAccess({ box }, after).password).toBe(openAccess({ box }, before).password);
  const [old, fresh] = [loginOf({ box }, before, now).sessions, loginOf({ box }, after, now).sessions];
  expect(fresh.slice(0, 8)).toEqual(old.slice(0, 8));
  expect(fresh.slice(8)).not.toContain(old[8]);
});

test('a record of the version before has its password, and the rest from it, the same each time', async () => {
  const secrets = sampleSecrets(box, id, 'as before');
  const record = sampleRecord({ secrets });
  const access = openAccess({ box }, record);
  expect(access.password).toBe('as before');
  expect(openAccess({ box }, record)).toEqual(access);
  const renewed = openAccess({ box }, { ...record, ...(await renewAccess({ box }, record, 'bypass')) });
  expect(renewed).toMatchObject({ password: 'as before', sessionKey: access.sessionKey });
});
