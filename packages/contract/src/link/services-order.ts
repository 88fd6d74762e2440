import { z } from 'zod';
import { identifierSchema } from '../identifier.ts';
import { composeOriginSchema } from '../compose/compose-origin.ts';
import { hostPolicySchema } from '../compose/policy/host-policy.ts';

/** Values of service variables by name, over what the file says. Null takes one away that was given before. */
export const overridesSchema = z.record(
  z.string().regex(/^[A-Za-z_]\w*$/, 'expected letters, digits and `_`, not beginning with a digit'),
  z.string().max(100_000).nullable(),
);

/** What is merged over the `build:` of a service. Paths are relative to the checkout, the Dockerfile’s to the context. */
export const buildOverridesSchema = z.strictObject({
  context: z.string().max(1000).optional(),
  dockerfile: z.string().max(1000).optional(),
  target: z.string().max(200).optional(),
  args: z.record(z.string().max(200), z.string().max(10_000)).optional(),
});

/** By service. */
export const buildOverridesFileSchema = z.record(z.string(), buildOverridesSchema);

/** What whoever starts a playground, or rolls it out, decided for one of its services. */
export const serviceWishSchema = z.object({
  /** The branch to check out; absent: what the file says, else the repository’s default. */
  branch: z.string().optional(),
  /** Makes `branch` anew, from this one. */
  newFrom: z.string().optional(),
  /** Runs what is built (true) or mounts the sources (false). */
  production: z.boolean().optional(),
  /** Instead of the file’s; taken as it is. */
  subdomain: z.string().optional(),
  /** Instead of the file’s. */
  startCommand: z.string().min(1).max(4000).optional(),
  build: buildOverridesSchema.optional(),
  /** Of this service alone. */
  environment: overridesSchema.optional(),
});

/** Everything an engine needs to make a playground of Compose services real. */
export const servicesOrderSchema = z.object({
  id: identifierSchema,
  number: z.int(),
  slug: z.string(),
  /** Id of the user whose credentials open repositories and registries; empty: nobody’s. */
  owner: z.string().default(''),
  /** Text of the Compose file, its name in errors, and the repository that it was taken from, if it was. */
  compose: z.object({ text: z.string(), file: z.string(), origin: composeOriginSchema.optional() }),
  /** Values of the file’s variables, by name. */
  variables: z.record(z.string(), z.string()).default({}),
  /** Of all services. */
  environment: overridesSchema.default({}),
  services: z.record(z.string(), serviceWishSchema).default({}),
  /** Compose profiles that are chosen: services that belong to others are left out. */
  profiles: z.array(z.string()).default([]),
  /** The playroom’s domain: `localhost`. */
  domain: z.string(),
  policy: hostPolicySchema.default({}),
  /** The snapshot that it begins with, of another playground; null for empty volumes. */
  from: z.object({ snapshotId: identifierSchema }).nullable().default(null),
  /** Id of the playspec that its volumes belong to and outlive it with; null: they end with it. */
  persistentId: z
    .string()
    .regex(/^[a-z0-9]+$/)
    .nullable()
    .default(null),
});

export type ServicesOrder = z.infer<typeof servicesOrderSchema>;
export type ServiceWish = z.infer<typeof serviceWishSchema>;
export type BuildOverrides = z.infer<typeof buildOverridesSchema>;
export type Overrides = z.infer<typeof overridesSchema>;
