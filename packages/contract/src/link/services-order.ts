import { z } from 'zod';
import { identifierSchema } from '../identifier.ts';
import { hostPolicySchema } from '../compose/policy/host-policy.ts';

/** What whoever starts a playground decided for one of its services. */
export const serviceWishSchema = z.object({
  /** The branch to check out; absent: what the file says, else the repository’s default. */
  branch: z.string().optional(),
  /** Makes `branch` anew, from this one. */
  newFrom: z.string().optional(),
  /** Runs what is built (true) or mounts the sources (false). */
  production: z.boolean().optional(),
  /** Instead of the file’s; taken as it is. */
  subdomain: z.string().optional(),
});

/** Everything an engine needs to make a playground of Compose services real. */
export const servicesOrderSchema = z.object({
  id: identifierSchema,
  number: z.int(),
  slug: z.string(),
  /** Text of the Compose file, and its name in errors. */
  compose: z.object({ text: z.string(), file: z.string() }),
  /** Values of the file’s variables, by name. */
  variables: z.record(z.string(), z.string()).default({}),
  services: z.record(z.string(), serviceWishSchema).default({}),
  /** The playroom’s domain: `localhost`. */
  domain: z.string(),
  policy: hostPolicySchema.default({}),
});

export type ServicesOrder = z.infer<typeof servicesOrderSchema>;
export type ServiceWish = z.infer<typeof serviceWishSchema>;
