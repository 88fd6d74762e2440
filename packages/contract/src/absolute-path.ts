import { z } from 'zod';

/** A setting that names a file or folder; empty for none. */
export const absolutePath = z
  .string()
  .refine((text) => text === '' || text.startsWith('/'), 'expected an absolute path')
  .default('');
