// The block `x-playgrounds` of a Compose file: what is asked for at the start, and what the catalog shows.
import { z } from 'zod';
import { accessControlSchema } from '../../manifest/access-control.ts';
import type { DeepReadonly } from '../../manifest/deep-readonly.ts';
import { noun } from '../../manifest/noun.ts';
import { webAddressSchema } from '../../manifest/web-address.ts';

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const nodePath = z.string().min(1).max(500);

export const variableSchema = noun(
  'ComposeVariable',
  'A value that is asked for at the start. It is used as `$$var__NAME`, or written to a place of the file.',
  {
    name: z.string().min(1).max(120).optional().describe('What people see. Default: the key.'),
    description: z.string().max(1000).optional().describe('What it is for.'),
    required: z.boolean().default(false).describe('A start without a value is refused.'),
    default: scalar.optional().describe('Value when none is given.'),
    random: z
      .boolean()
      .default(false)
      .describe('Without a value and a default: 32 random hex digits, made once per playground and kept.'),
    validation: z
      .string()
      .max(1000)
      .optional()
      .describe('RE2 pattern that occurs in every value, as `/^[a-z]+$/`; `i` after the slash ignores case.'),
    path: nodePath
      .optional()
      .describe('Place in the file that gets the value, as `services.web.environment.MODE`.'),
    paths: z.array(nodePath).max(100).optional().describe('The same for several places.'),
    secret: z.boolean().default(false).describe('Shown as dots, and kept sealed.'),
    sensitive: z.boolean().default(false).describe('Another word for `secret`.'),
  },
);

const metadataSchema = noun('ComposeMetadata', 'What the catalog shows, and how its playgrounds are run.', {
  title: z
    .string()
    .min(1)
    .max(120)
    .optional()
    .describe('Title in the catalog. Default: the name of the playspec.'),
  description: z.string().max(1000).optional().describe('A sentence or two for the catalog.'),
  category: z.string().min(1).max(60).optional().describe('Category of the catalog.'),
  categories: z.array(z.string().trim().min(1).max(60)).max(20).optional().describe('Several of them.'),
  cover: webAddressSchema.optional().describe('Address of a picture.'),
  markdown: z.string().max(100_000).optional().describe('Text of its page, in Markdown.'),
  accessControl: accessControlSchema.optional(),
  job_mode: z.boolean().default(false).describe('Its playgrounds end when their watched services have.'),
  persist_volumes: z
    .boolean()
    .default(false)
    .describe('Volumes outlive the playground; then there is one playground of it per playroom.'),
  source_defaults: z.record(z.string(), z.unknown()).optional().describe('Kept, without effect yet.'),
  schedule_config: z.record(z.string(), z.unknown()).optional().describe('Kept, without effect yet.'),
  trigger_config: z.record(z.string(), z.unknown()).optional().describe('Kept, without effect yet.'),
});

/** Names that `$$var__NAME` can spell. */
export const variableNamePattern = /^[A-Za-z]\w{0,63}$/;

const variableName = z.string().regex(variableNamePattern, { error: 'compose-bad-variable-name' });

export const extensionSchema = noun('ComposeExtension', 'What Playhouse reads beside labels.', {
  variables: z.record(variableName, variableSchema).optional().describe('Variables by name.'),
  metadata: metadataSchema.optional(),
});

export type ComposeVariable = DeepReadonly<z.output<typeof variableSchema>>;
export type ComposeMetadata = DeepReadonly<z.output<typeof metadataSchema>>;

/** The file without the block is the file that Compose gets. */
export const extensionKey = 'x-playgrounds';

/** Whether its value is hidden from view. */
export function isSecretVariable({ secret, sensitive }: ComposeVariable): boolean {
  return secret || sensitive;
}
