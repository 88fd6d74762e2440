import { z } from 'zod';
import { identifierSchema, instantSchema } from './identifier.ts';

/** What made a snapshot: a command of that name; with `rewind` what was there before it is kept. */
export const snapshotOrigins = [
  'stop',
  'suspend',
  'snapshot',
  'fork',
  'diff',
  'save',
  'prewarm',
  'rewind',
] as const;

/** What something costs on the playroom’s disk: bytes that only it needs, and bytes that others need as well. */
export const costSchema = z.object({
  uniqueBytes: z.int().describe('On disk for it alone: destroying it frees so much'),
  sharedBytes: z.int().describe('On disk for it and others together'),
});

/** Why something did not come off that is tried again. */
export const snapshotFailureSchema = z.object({
  code: z.string().describe('Code of the error catalogue (docs/errors.md)'),
  message: z.string(),
  hint: z.string(),
  at: instantSchema,
  retryAt: instantSchema.nullable().describe('When it is tried again by itself'),
});

/** The state of all machines of a playground, or of all its volumes, at one common cut. Immutable. */
export const snapshotSchema = z
  .object({
    id: identifierSchema,
    playgroundId: identifierSchema.describe('The playground that it was made of, which may be gone'),
    playgroundName: z.string(),
    origin: z.enum(snapshotOrigins),
    parentId: identifierSchema
      .nullable()
      .describe('The snapshot that the playground had last been started from or had left'),
    memory: z.boolean().describe('True when the machines’ memory is in it: they go on where they were'),
    savedAs: z.string().nullable().describe('`name@version` of the playspec that it was saved as'),
    createdAt: instantSchema,
    offloadedAt: instantSchema.nullable().describe('Since when the vault has all of it'),
    offloadFailure: snapshotFailureSchema
      .nullable()
      .default(null)
      .describe('Why the vault does not have it yet; null while it only waits for its turn'),
    verifiedAt: instantSchema.nullable().describe('When what the vault has was last read and found right'),
    verifyFailure: snapshotFailureSchema
      .nullable()
      .default(null)
      .describe('What was wrong when it was last read from the vault; null when all was right'),
    machines: z.array(
      z.object({
        name: z.string(),
        drives: z.array(
          z.object({
            device: z.string(),
            layers: z.array(z.string()).describe('Layers above the base, lowest first'),
          }),
        ),
        memory: z.string().nullable().describe('The layer that holds its memory'),
      }),
    ),
    volumes: z
      .array(z.object({ name: z.string().describe('As the Compose file calls it'), layer: z.string() }))
      .default([])
      .describe('Of a playground of Compose services: its volumes, each a layer of its own'),
    checkouts: z
      .array(z.object({ service: z.string(), layer: z.string() }))
      .default([])
      .describe('Working copies of its dynamic services with their histories; only in cuts for forks'),
    cost: costSchema,
  })
  .describe('A snapshot of a playground');

/** An immutable part of drives, a memory image, or what was in a volume. */
export const layerSchema = z
  .object({
    id: z.string().describe('Given when it is cut; bases have `base-` and a part of their digest'),
    kind: z
      .enum(['base', 'disk', 'memory', 'volume', 'folder'])
      .describe('`volume` is an archive of a volume, `folder` a plain copy that a cut for forks made'),
    digest: z
      .string()
      .nullable()
      .describe(
        '`sha256-4m:` and what `split -b 4M --filter=sha256sum FILE | sha256sum` prints; null until it was computed',
      ),
    bytes: z.int().describe('What it takes on disk; 0 when only the vault has it'),
    local: z.boolean(),
    offloaded: z.boolean().describe('True when the vault has it'),
    mergedFrom: z
      .array(z.string())
      .describe('Layers that it stands for, lowest first, when a long chain was merged into it; else empty')
      .default([]),
    owners: z.array(z.string()).describe('Snapshots (their ids) and playgrounds (their names) that need it'),
    createdAt: instantSchema.nullable(),
  })
  .describe('A layer of a playroom');

/** A volume that belongs to a playspec and outlives its playgrounds. */
export const persistentVolumeSchema = z
  .object({
    key: z.string().describe('As the Compose file calls it'),
    name: z.string().describe('As Docker calls it: `pv-{playspec_id}-{playroom_id}_{key}`'),
    bytes: z.int().nullable().describe('What it takes on disk; null when it takes too long to find out'),
  })
  .describe('A volume that outlives playgrounds');

/** What a machine of a fork has of its own, and what it still has in common with its siblings. */
export const identityReportSchema = z.object({
  renewed: z.array(z.string()),
  shared: z.array(z.string()),
  clockSkewMs: z
    .number()
    .nullable()
    .describe('How far its clock was from the playroom’s after it had been set'),
});

export type Snapshot = z.infer<typeof snapshotSchema>;
export type SnapshotOrigin = Snapshot['origin'];
export type SnapshotFailure = z.infer<typeof snapshotFailureSchema>;
export type Layer = z.infer<typeof layerSchema>;
export type Cost = z.infer<typeof costSchema>;
export type IdentityReport = z.infer<typeof identityReportSchema>;
