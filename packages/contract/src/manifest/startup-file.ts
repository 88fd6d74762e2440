import { z } from 'zod';
import { noun } from './noun.ts';

const name = '(?:[A-Za-z_][A-Za-z0-9_.-]{0,31}|\\d{1,10})';
const ownerPattern = new RegExp(`^${name}(:${name})?$`);

const ownerSchema = z
  .union([z.string(), z.int()])
  .transform(String)
  .pipe(z.string().regex(ownerPattern, { error: 'manifest-bad-owner' }))
  .transform((owner) => (owner.includes(':') ? owner : `${owner}:${owner}`));

// `mode: 644` without quotes is a number whose decimal digits are meant as octal ones.
const modeSchema = z
  .union([z.string(), z.int()])
  .transform(String)
  .pipe(z.string().regex(/^(0|0o)?[0-7]{3,4}$/, { error: 'manifest-bad-mode' }))
  .transform((mode) => mode.replace(/^0o?(?=[0-7]{3})/, ''));

export const startupFileSchema = noun(
  'StartupFile',
  'A file that is written into the machine before it boots.',
  {
    path: z
      .string()
      .max(4096)
      .regex(/^(?!.*(\/)\.\.?(\/|$))\/[^\0\n]*[^/\0\n]$/, { error: 'manifest-bad-path' })
      .describe('Absolute path of the file; missing directories are made.'),
    content: z.string().describe('The text of the file.'),
    append: z.boolean().default(false).describe('Add to the end of the file instead of replacing it.'),
    owner: ownerSchema
      .default('0:0')
      .describe('Owner as `USER:GROUP`, names or numbers; `USER` alone means `USER:USER`.'),
    mode: modeSchema
      .default('644')
      .describe('Permissions in octal digits; `644`, `"0644"` and `0o644` mean the same.'),
  },
);

export type StartupFile = Readonly<z.output<typeof startupFileSchema>>;
