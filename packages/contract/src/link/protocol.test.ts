import { expect, test } from 'vitest';
import { commonProtocol, engineMessageSchema, linkProtocol, serverMessageSchema } from './protocol.ts';

test('peers speak the newest version that both know', () => {
  const { min, max } = linkProtocol;
  expect(commonProtocol({ min, max })).toBe(max);
  expect(commonProtocol({ min: max, max: max + 5 })).toBe(max);
  expect(commonProtocol({ min: max + 1, max: max + 5 })).toBeNull();
  expect(commonProtocol({ min: min - 5, max: min - 1 })).toBeNull();
});

test('fields that a newer peer adds are ignored', () => {
  expect(serverMessageSchema.parse({ type: 'welcome', protocol: 1, motto: 'x' })).toEqual({
    type: 'welcome',
    protocol: 1,
  });
  expect(engineMessageSchema.parse({ type: 'accepted', sequence: 1, when: 2 })).toEqual({
    type: 'accepted',
    sequence: 1,
  });
});

test('a message of a kind that is not known is refused', () => {
  expect(serverMessageSchema.safeParse({ type: 'dance' }).success).toBe(false);
  expect(
    serverMessageSchema.safeParse({ type: 'command', sequence: 1, command: { kind: 'x' } }).success,
  ).toBe(false);
});
