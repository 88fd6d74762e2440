import { z } from 'zod';
import { instantSchema } from './identifier.ts';

export const sourceKinds = ['official', 'image', 'stand-in'] as const;

/** A root file system image by name, as known to a playroom. */
export const sourceSchema = z
  .object({
    name: z.string().describe('As `drives[].source` names it: `debian-12`, or an `oci://` reference'),
    kind: z
      .enum(sourceKinds)
      .default('official')
      .describe(
        '`official` ones are baked from packages, an `image` was pulled from a registry, a `stand-in` is only a name',
      ),
    description: z.string(),
    instead: z
      .string()
      .nullable()
      .default(null)
      .describe('Of a stand-in: the source that is used in its place; null for all others'),
    baked: z.boolean().describe('True when its base layer is on the playroom'),
    digest: z.string().nullable().describe('`sha256:…` of the base layer'),
    imageDigest: z
      .string()
      .nullable()
      .default(null)
      .describe('`sha256:…` that the reference stood for in its registry when it was pulled'),
    sizeBytes: z.int().nullable().describe('Bytes the base layer takes on disk'),
    users: z.array(z.string()).describe('Users of the image that can log in'),
    sshServer: z
      .string()
      .nullable()
      .default(null)
      .describe('Where the image has its SSH server; null when none was found, or for official sources'),
    bakedAt: instantSchema.nullable().describe('When it was baked or pulled'),
  })
  .describe('A source');

/** A source and who needs it. */
export const inspectedSourceSchema = sourceSchema
  .extend({
    usedBy: z
      .array(z.string())
      .describe('Names of the playgrounds whose manifest names it, as far as the caller may list them'),
  })
  .describe('A source and the playgrounds that use it');

export type Source = z.infer<typeof sourceSchema>;
export type InspectedSource = z.infer<typeof inspectedSourceSchema>;
