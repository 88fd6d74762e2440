import { z } from 'zod';
import { identifierSchema } from '../identifier.ts';
import { kernelNameSchema, kernelOriginSchema } from '../kernel.ts';
import { manifestSchema } from '../manifest/manifest.ts';

/** Everything an engine needs to make one playground real. */
export const playgroundOrderSchema = z.object({
  id: identifierSchema,
  number: z.int(),
  slug: z.string(),
  manifest: manifestSchema,
  /** Chosen values of the init conditions, by key. */
  conditions: z.record(z.string(), z.string()).default({}),
  /** OpenSSH public keys that may log in as every user of the manifest. */
  authorizedKeys: z.array(z.string()),
});

/** What the server wants done. Carrying one out twice is harmless: the operation id says whether it was seen. */
export const commandSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('playground.start'),
    operationId: identifierSchema,
    playground: playgroundOrderSchema,
  }),
  z.object({
    kind: z.literal('playground.destroy'),
    operationId: identifierSchema,
    playgroundId: identifierSchema,
  }),
  z.object({
    kind: z.literal('playground.stop'),
    operationId: identifierSchema,
    playgroundId: identifierSchema,
    force: z.boolean(),
  }),
  z.object({
    kind: z.literal('playground.restart'),
    operationId: identifierSchema,
    playground: playgroundOrderSchema,
  }),
  z.object({
    kind: z.enum(['machine.stop', 'machine.restart', 'machine.reboot']),
    operationId: identifierSchema,
    playgroundId: identifierSchema,
    machine: z.string(),
    /** True cuts the power without asking the guest. */
    force: z.boolean(),
  }),
  z.object({ kind: z.literal('source.bake'), operationId: identifierSchema, source: z.string() }),
  z.object({
    kind: z.literal('kernel.add'),
    operationId: identifierSchema,
    kernel: kernelNameSchema,
    /** Null for an official kernel, from where it always comes. */
    origin: kernelOriginSchema.nullable(),
  }),
  z.object({ kind: z.literal('kernel.remove'), operationId: identifierSchema, kernel: kernelNameSchema }),
  z.object({ kind: z.literal('source.pull'), operationId: identifierSchema, source: z.string() }),
  z.object({ kind: z.literal('source.remove'), operationId: identifierSchema, source: z.string() }),
  z.object({ kind: z.literal('operation.cancel'), operationId: identifierSchema }),
]);

export type Command = z.infer<typeof commandSchema>;
export type PlaygroundOrder = z.infer<typeof playgroundOrderSchema>;
