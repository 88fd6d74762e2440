import { servicesOrderSchema } from '@playhouse/contract/link/services-order';
import { z } from 'zod';

/** What a service was made of. */
const servicePartSchema = z.object({
  branch: z.string().nullable(),
  commit: z.string().nullable(),
  /** That was built, or pulled. */
  image: z.string().nullable(),
});

/** The image of a commit that does not run yet. */
export const builtAheadSchema = z.object({
  commit: z.string(),
  /** Digest of the order that it was built for: another one may ask for another image. */
  order: z.string(),
  /** Null when it could not be built. */
  image: z.string().nullable(),
  /** Why. */
  detail: z.string().nullable(),
});

/** What changes as a whole: either all of it is there, or nothing. */
export const servicesVersionSchema = z.object({
  order: servicesOrderSchema,
  parts: z.record(z.string(), servicePartSchema),
  /** Sealed: the password of internal services, values that were given, and those that were generated. */
  secrets: z.string(),
});

export type ServicesVersion = z.infer<typeof servicesVersionSchema>;
export type BuiltAhead = z.infer<typeof builtAheadSchema>;
export type ServicePart = z.infer<typeof servicePartSchema>;
