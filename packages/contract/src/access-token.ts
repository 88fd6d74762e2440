import { z } from 'zod';
import { instantSchema } from './identifier.ts';

export const accessTokenNameSchema = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._@-]{0,62}$/,
    'expected 1 to 63 letters, digits, dots, dashes, underscores or @, a letter or digit first',
  );

/** What is known of an access token. The token itself is shown once, when it is made. */
export const accessTokenSchema = z
  .object({
    name: z.string().describe('Unique among the tokens of its user'),
    user: z.string(),
    createdAt: instantSchema,
    expiresAt: instantSchema.nullable().describe('null: good until it is revoked'),
  })
  .describe('An access token');

export type AccessToken = z.infer<typeof accessTokenSchema>;
