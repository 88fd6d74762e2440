import { z } from 'zod';
import { instantSchema } from './identifier.ts';

/** Words that mean something else where a user's name could stand. */
const reservedNames = ['me', 'playhouse'];

/** A user's name, as in `accessControl` after `user:`. */
export const accountNameSchema = z
  .string()
  .regex(
    /^[a-z0-9]([a-z0-9._-]{0,30}[a-z0-9])?$/,
    'expected 1 to 32 lowercase letters, digits, dots, dashes or underscores, a letter or digit at both ends',
  )
  .refine((name) => !reservedNames.includes(name), 'this name is reserved');

/** Somebody who may hold tokens and own playgrounds and playspecs. */
export const userSchema = z
  .object({
    name: z.string(),
    admin: z.boolean().describe('Administrators see and do everything'),
    createdAt: instantSchema,
  })
  .describe('A user');

export type User = z.infer<typeof userSchema>;

/** The administrator whom every installation has; whatever has lost its owner is theirs. */
export const firstAdmin = 'admin';
