import { z } from 'zod';
import { instantSchema } from './identifier.ts';
import { registrySchema } from './image-reference.ts';

/** What opens a registry. The password is never shown again. */
export const registryCredentialSchema = z.object({
  registry: registrySchema.describe('Host, with a port if there is one: `registry.example:5000`'),
  username: z.string().min(1).max(256),
  password: z.string().min(1).max(16_384).describe('Password or access token'),
});

/** A registry that the playroom is logged in to. */
export const knownRegistrySchema = z
  .object({
    registry: z.string(),
    username: z.string(),
    since: instantSchema,
  })
  .describe('A registry that the playroom is logged in to');

export type RegistryCredential = z.infer<typeof registryCredentialSchema>;
export type Registry = z.infer<typeof knownRegistrySchema>;
