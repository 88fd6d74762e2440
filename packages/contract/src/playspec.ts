import { z } from 'zod';

/** A template: an immutable, numbered version of a manifest. */
export const playspecSchema = z
  .object({
    name: z.string(),
    version: z.int(),
    title: z.string(),
    description: z.string(),
    categories: z.array(z.string()),
    /** True for a base that allows an arbitrary set of machines, such as `flexbox`. */
    flexible: z.boolean(),
  })
  .describe('A playspec');

export type Playspec = z.infer<typeof playspecSchema>;
