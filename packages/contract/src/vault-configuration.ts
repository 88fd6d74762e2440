// The section `vault` of the configuration: where layers and memory images are kept besides the playroom itself.
import { z } from 'zod';
import { absolutePath } from './absolute-path.ts';

export const vaultConfigurationSchema = z
  .strictObject({
    kind: z
      .enum(['directory', 's3', 'none'])
      .default('directory')
      .describe('Where snapshots are kept besides the playroom itself (docs/vault.md)'),
    directory: absolutePath.describe(
      'Folder of a `directory` vault, best on another disk; empty means `vault` below `stateDirectory`',
    ),
    endpoint: z
      .string()
      .refine((text) => text === '' || /^https?:\/\/[^/?#\s]+\/?$/.test(text), 'expected http(s)://HOST:PORT')
      .default('')
      .describe('Address of an S3-compatible server, as `https://s3.example.org`'),
    region: z.string().min(1).default('us-east-1').describe('Its region; most servers take any'),
    bucket: z.string().default('').describe('The bucket, which must exist; needed for `s3`'),
    prefix: z
      .string()
      .regex(/^([\w.-]+\/)*[\w.-]*$/, 'expected words separated by slashes, without one in front')
      .default('')
      .describe('What the names of all objects begin with, so that several vaults can share a bucket'),
    accessKeyId: z.string().default('').describe('The account at the S3 server'),
    secretAccessKeyFile: absolutePath.describe(
      'A file with nothing but that account’s secret, readable by root only. The secret itself is never in this file; `PLAYHOUSE_VAULT_SECRET_ACCESS_KEY` in the engine’s environment works too',
    ),
    drillEveryHours: z.coerce
      .number()
      .min(0)
      .default(24)
      .describe(
        'How often a snapshot drawn by chance is restored from the vault and booted, to see that it can be; 0 is never',
      ),
  })
  .superRefine((vault, context) => {
    if (vault.kind !== 's3') return;
    for (const name of ['endpoint', 'bucket', 'accessKeyId'] as const) {
      if (vault[name] === '')
        context.addIssue({ code: 'custom', path: [name], message: 'expected a value, as `kind` is s3' });
    }
  });

export type VaultConfiguration = z.infer<typeof vaultConfigurationSchema>;
