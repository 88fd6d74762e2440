import { expect, test } from 'vitest';
import { dayOf, newSession, sessionsIn, validSessions } from './session.ts';

const [one, two] = ['a'.repeat(24), 'b'.repeat(24)];

test('a session is let in for eight days, by the key and for the playground it is of', () => {
  const today = dayOf(Date.UTC(2026, 0, 31, 23, 59));
  const session = newSession('key', one, today);
  expect(validSessions('key', one, today)[0]).toBe(session);
  expect(validSessions('key', one, today + 7)).toContain(session);
  expect(validSessions('key', one, today + 8)).not.toContain(session);
  expect(validSessions('key', one, today - 1)).not.toContain(session);
  expect(validSessions('other key', one, today)).not.toContain(session);
  expect(validSessions('key', two, today)).not.toContain(session);
});

test('cookies of the gate are found among others', () => {
  const header = `a=1; __Host-playhouse-${one}=x;__Host-playhouse-${two}=y; b="2"; __Host-playhouse-${one}=z`;
  expect(sessionsIn(header, one)).toEqual(['x', 'z']);
  expect(sessionsIn(undefined, one)).toEqual([]);
});
