import { expect, test } from 'vitest';
import { z } from 'zod';
import { requestFaults } from './request-faults.ts';

const route = {
  parameters: z.object({ playground: z.string().min(1) }),
  body: z.strictObject({
    count: z.int().min(1).max(32).default(1),
    title: z.string().max(5).optional(),
    end: z.enum(['stop', 'suspend']).optional(),
    name: z
      .string()
      .regex(/^[a-z]+$/, 'Expected small letters')
      .optional(),
    keys: z.array(z.string()).max(1).default([]),
    on: z.boolean().optional(),
  }),
};
const words = (body: unknown) =>
  requestFaults(route, { parameters: { playground: '42' }, body }).map((fault) => fault.words);

test.each([
  [{ count: 2000 }, 'must be at most 32'],
  [{ count: 0 }, 'must be at least 1'],
  [{ title: 'much too long' }, 'must have at most 5 characters'],
  [{ end: 'dance' }, 'must be one of stop, suspend'],
  [{ name: 'A' }, 'is not right: expected small letters'],
  [{ keys: ['a', 'b'] }, 'must have at most 1 values'],
  [{ on: 'yes' }, 'must be a boolean'],
])('%j is told in words', (body, expected) => {
  expect(words(body)).toEqual([expected]);
});

test('each fault says where it is and what was there; what is right has none', () => {
  const faults = requestFaults(route, { parameters: { playground: '' }, body: { keys: [7] } });
  expect(faults).toEqual([
    { path: ['playground'], value: '', words: 'must not be empty' },
    { path: ['keys', 0], value: 7, words: 'must be a string' },
  ]);
  expect(words({})).toEqual([]);
});
