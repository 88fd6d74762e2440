import { z } from 'zod';
import { instantSchema } from './identifier.ts';

/** A root file system image by name, as known to a playroom. */
export const sourceSchema = z
  .object({
    name: z.string(),
    description: z.string(),
    baked: z.boolean().describe('True when its base layer is on the playroom'),
    digest: z.string().nullable().describe('`sha256:…` of the base layer'),
    sizeBytes: z.int().nullable().describe('Bytes the base layer takes on disk'),
    users: z.array(z.string()).describe('Users of the image that can log in'),
    bakedAt: instantSchema.nullable(),
  })
  .describe('A source');

export type Source = z.infer<typeof sourceSchema>;
