import { z } from 'zod';
import { noun } from './noun.ts';

export const userNameSchema = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,31}$/, { error: 'manifest-bad-user-name' });

export const userSchema = noun('User', 'A user of the machine that people log in as.', {
  name: userNameSchema.describe('Name of a user that exists in the image, as `root` or `laborant`.'),
  default: z
    .boolean()
    .optional()
    .describe('Log in as this user when none is asked for. Default: the first user of the list.'),
  welcome: z
    .string()
    .max(10_000)
    .optional()
    .describe('Message shown at the first login instead of the one in the image; `-` shows none.'),
});

export type ManifestUser = Readonly<z.output<typeof userSchema>>;
