import { z } from 'zod';
import { instantSchema } from './identifier.ts';

/** `token`: of repositories over HTTPS; `key`: of repositories over SSH; `registry`: of images. */
export const credentialKinds = ['token', 'key', 'registry'] as const;

export const credentialNameSchema = z
  .string()
  .max(63)
  .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, 'expected small letters, digits and `-`');

/** What opens private repositories or a registry. Its secret is never shown again. */
export const newCredentialSchema = z.strictObject({
  name: credentialNameSchema,
  kind: z.enum(credentialKinds),
  place: z
    .string()
    .min(1)
    .max(2000)
    .describe(
      'What it opens: `https://git.example.org/ann` and all repositories below, `git@git.example.org:ann`, or the host of a registry',
    ),
  username: z.string().max(256).default('').describe('Of a registry, or of repositories over HTTPS'),
  secret: z.string().min(1).max(65_536).describe('Password, token, or private key without a passphrase'),
  knownHosts: z
    .string()
    .max(65_536)
    .default('')
    .describe('Of a key: the host keys that are trusted, as lines of a `known_hosts` file'),
});

export const credentialSchema = z
  .object({
    name: credentialNameSchema,
    kind: z.enum(credentialKinds),
    place: z.string(),
    username: z.string().nullable(),
    publicKey: z.string().nullable().describe('Of a key: what the host of the repositories has to know'),
    since: instantSchema,
  })
  .describe('What opens private repositories or a registry, without its secret');

export type NewCredential = z.infer<typeof newCredentialSchema>;
export type Credential = z.infer<typeof credentialSchema>;
