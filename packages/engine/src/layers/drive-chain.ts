import { z } from 'zod';

/** What a drive’s content is made of, lowest first: a base layer, and layers that were cut since. */
export const driveChainSchema = z.object({
  /** File of the base layer; null until it was chosen, and for a drive that began blank. */
  layer: z.string().nullable(),
  /** What that layer is, when it is known: the manifest’s source, of an image with the digest that it stood for. */
  source: z.string().optional(),
  /** Null until the drive was made. */
  sizeBytes: z.int().nullable(),
  /** Ids of the layers above the base, lowest first. */
  layers: z.array(z.string()).default([]),
});

export type DriveChain = z.infer<typeof driveChainSchema>;
