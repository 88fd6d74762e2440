import { z } from 'zod';

export const webAddressSchema = z
  .string()
  .max(2000)
  .refine((value) => /^https?:\/\//.test(value) && URL.canParse(value), { error: 'manifest-bad-url' });
