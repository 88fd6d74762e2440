// The playground manifest: what a user writes. Tolerant on the way in, one canonical immutable value on the way out.
// Only shapes live here; rules between fields are in check-manifest.ts, YAML and places in parse-manifest.ts.
import { z } from 'zod';
import { deepFreeze, type DeepReadonly } from './deep-readonly.ts';
import { nameSchema } from './name.ts';
import { noun } from './noun.ts';
import { playgroundSpecSchema } from './playground-spec.ts';
import { webAddressSchema } from './web-address.ts';

const schema = noun('Manifest', 'A playground manifest.', {
  kind: z.literal('playground').describe('Always `playground`.'),
  name: nameSchema.optional().describe('Name of the playspec.'),
  base: nameSchema
    .optional()
    .describe('Playspec that this one was made from. For information: the command line decides.'),
  title: z
    .string()
    .min(5)
    .max(120)
    .optional()
    .describe('Title in the catalog, 5 to 120 characters. Needed to publish.'),
  description: z
    .string()
    .max(500)
    .optional()
    .describe('A sentence or two for the catalog, at most 500 characters.'),
  categories: z
    .array(z.string().trim().min(1).max(60))
    .max(20)
    .transform((names) => [...new Set(names.map((name) => name.toLowerCase()))])
    .optional()
    .describe('Categories of the catalog, as `linux`.'),
  cover: webAddressSchema.optional().describe('Address of a picture for the catalog.'),
  markdown: z.string().max(100_000).optional().describe('Text of the playground’s page, in Markdown.'),
  playground: playgroundSpecSchema.describe('What the playground is made of.'),
});

/** A manifest as canonical data: sizes in bytes, aliases resolved, inherited parts absent when they were not written. */
export type Manifest = DeepReadonly<z.output<typeof schema>>;

/** The `playground:` part of a manifest. */
export type PlaygroundSpec = Manifest['playground'];

/** Parses every accepted form; parsing its own output changes nothing. The result is frozen. */
export const manifestSchema: z.ZodType<Manifest> = schema.transform((manifest): Manifest =>
  deepFreeze(manifest),
);
