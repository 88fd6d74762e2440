import { z } from 'zod';
import { composeOriginSchema } from './compose/compose-origin.ts';
import { errorBodySchema } from './error-body.ts';
import { identifierSchema, instantSchema } from './identifier.ts';

const principals = z.array(z.string());

/** `making` until the cut has succeeded; if it fails, the version is gone. */
const savedSchema = z.object({
  snapshotId: identifierSchema,
  memory: z.boolean().describe('True when its machines go on where they were instead of booting'),
  state: z.enum(['making', 'ready']),
});

export const spareStates = ['waiting', 'making', 'ready', 'failed'] as const;

const spareSchema = z.object({
  state: z
    .enum(spareStates)
    .describe(
      '`waiting`: it is made once there is something to make it of, and room; `ready`: it stands by, and the next start takes it over; `failed`: it is tried again, later each time',
    ),
  playgroundId: identifierSchema.nullable().describe('The hidden playground that it is'),
  operationId: identifierSchema.nullable().describe('The operation that makes it'),
  error: errorBodySchema.nullable().describe('Set in state `failed`'),
});

export const prewarmStates = ['making', 'ready', 'stale', 'failed'] as const;

const prewarmSchema = z.object({
  state: z
    .enum(prewarmStates)
    .describe('`stale`: something it depends on has changed, and it is about to be made again'),
  snapshotId: identifierSchema.nullable().describe('What starts resume from; null until there is one'),
  playgroundId: identifierSchema.nullable().describe('The hidden playground that it is made of'),
  operationId: identifierSchema.nullable().describe('The latest operation that makes it'),
  error: errorBodySchema.nullable().describe('Set in state `failed`'),
  spare: spareSchema
    .nullable()
    .describe('The spare copy, which stands by for the next start; null: none is wanted'),
});

/** What a playspec is made of: machines, or services of a Compose file. */
export const playspecKinds = ['machines', 'compose'] as const;

/** A template: an immutable, numbered version of a manifest. */
export const playspecSchema = z
  .object({
    name: z.string(),
    version: z.int().describe('From 1; a version never changes, an update makes the next one'),
    kind: z
      .enum(playspecKinds)
      .describe('`machines`: its manifest is of machines; `compose`: its manifest is a Compose file'),
    title: z.string(),
    description: z.string(),
    categories: z.array(z.string()),
    cover: z.string().nullable().describe('Address of a picture'),
    /** True for a base that allows an arbitrary set of machines, such as `flexbox`. */
    flexible: z.boolean(),
    base: z.string().nullable().describe('The playspec that it was made from'),
    origin: composeOriginSchema
      .nullable()
      .default(null)
      .describe('Where its Compose file was taken from; null: it was given as a text'),
    owner: z.string().nullable().describe('null: it comes with Playhouse'),
    accessControl: z
      .object({ canList: principals, canRead: principals, canStart: principals })
      .describe('Who may list, read and start it'),
    saved: savedSchema.nullable().describe('The snapshot that it begins with; null: its machines are booted'),
    prewarm: prewarmSchema
      .nullable()
      .describe('The state of machines that have booted, from which starts go on; null: none was asked for'),
    createdAt: instantSchema.describe('When the playspec was created'),
    updatedAt: instantSchema.describe('When this version was made'),
  })
  .describe('A playspec');

export type SavedState = z.infer<typeof savedSchema>;
export type SpareState = z.infer<typeof spareSchema>;
export type PrewarmState = z.infer<typeof prewarmSchema>;
export type Playspec = z.infer<typeof playspecSchema>;

/** A playspec with the text of its page. */
export const playspecPageSchema = playspecSchema
  .extend({ markdown: z.string().describe('Text of its page, in Markdown') })
  .describe('A playspec with the text of its page');

export type PlayspecPage = z.infer<typeof playspecPageSchema>;

/** One of the versions that a playspec had. */
export const playspecVersionSchema = z.object({
  version: z.int(),
  title: z.string(),
  createdAt: instantSchema,
});

export type PlayspecVersion = z.infer<typeof playspecVersionSchema>;

/** A playspec's name; manifests call theirs by the same rule. */
export const playspecNameSchema = z
  .string()
  .regex(
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
    'expected 1 to 63 lowercase letters, digits and inner dashes, as in `my-lab`',
  );

/** `NAME`, or `NAME@3` for an older version. */
export const playspecReferenceSchema = z
  .string()
  .min(1)
  .max(100)
  .describe('Name of the playspec, `NAME@3` for its version 3; the newest one else');

/** Splits `NAME@3`; without a version the newest is meant. Null when there is no whole number behind the @. */
export function parsePlayspecReference(
  reference: string,
): { readonly name: string; readonly version: number | undefined } | null {
  const [, name = '', version] = /^([^@]*)(?:@([1-9][0-9]{0,8}))?$/.exec(reference) ?? [];
  return name === '' ? null : { name, version: version === undefined ? undefined : Number(version) };
}
