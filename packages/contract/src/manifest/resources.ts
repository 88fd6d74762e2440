import { z } from 'zod';
import { noun } from './noun.ts';
import { gibibyte, mebibyte, sizeSchema } from './size.ts';

/** What a machine gets that does not say what it needs. RAM in bytes. */
export const defaultResources = { cpuCount: 2, ramSize: 2 * gibibyte } as const;

export const resourcesSchema = noun(
  'Resources',
  'Processors and memory of the machine: it has them, and no more. Where the server’s `limits` (docs/configuration.md) allow less, all machines are scaled down in proportion, with a note; a playground for which the playroom has no memory left is refused.',
  {
    cpuCount: z.int().min(1).max(64).optional().describe('Number of virtual processors. Default: 2.'),
    ramSize: sizeSchema(64 * mebibyte, 256 * gibibyte)
      .optional()
      .describe('Memory, 64MiB to 256GiB, as `512MiB` or `4GiB`. Default: 2GiB.'),
  },
);

export type ManifestResources = Readonly<z.output<typeof resourcesSchema>>;
