import { z } from 'zod';
import { identifierSchema } from '../identifier.ts';
import { kernelNameSchema, kernelOriginSchema } from '../kernel.ts';
import { manifestSchema } from '../manifest/manifest.ts';
import { snapshotOrigins } from '../snapshot.ts';
import { servicesOrderSchema } from './services-order.ts';

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
  /** The snapshot that it begins with, of another playground; null for a cold start. */
  from: z
    .object({
      snapshotId: identifierSchema,
      /** `need`: fail when its memory is unfit. `prefer`: cold from the manifest then. `leave`: from its drives alone. */
      memory: z.enum(['need', 'prefer', 'leave']),
    })
    .nullable()
    .default(null),
  /** True for one that is made ready and then stands still, until a start with its id says whose it is. */
  spare: z.boolean().optional(),
});

const comparedSchema = z.object({
  /** Waited for while it is being cut. */
  snapshotId: identifierSchema,
  /** The playground that it was just cut of, which runs and can be asked; null for what is only kept. */
  playgroundId: identifierSchema.nullable(),
  /** What it is called in the answer. */
  name: z.string(),
});

/** What the server wants done. Carrying one out twice is harmless: the operation id says whether it was seen. */
export const commandSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('playground.start'),
    operationId: identifierSchema,
    playground: playgroundOrderSchema,
  }),
  z.object({
    /** Starts a playground of Compose services, or starts it again. */
    kind: z.literal('services.start'),
    operationId: identifierSchema,
    playground: servicesOrderSchema,
    /** True when it was stopped before: then it is a restart. */
    again: z.boolean(),
  }),
  z.object({
    /** Brings a playground of services to what the order says; what does not change runs on. */
    kind: z.literal('services.rollout'),
    operationId: identifierSchema,
    playground: servicesOrderSchema,
    /** True makes all containers anew, of images that are pulled again. */
    hard: z.boolean(),
    /** True brings back what is to be there already, and takes up nothing that is new. */
    heal: z.boolean().default(false),
    /** True when nothing of it serves, because it is in error. */
    mend: z.boolean().default(false),
  }),
  z.object({
    /** Gives the volumes what they had in a snapshot. What they have now is kept as a snapshot with the operation’s id. */
    kind: z.literal('services.rewind'),
    operationId: identifierSchema,
    playground: servicesOrderSchema,
    snapshotId: identifierSchema,
  }),
  z.object({
    kind: z.literal('services.stop'),
    operationId: identifierSchema,
    playgroundId: identifierSchema,
    /** Kills at once. A server of yesterday does not say. */
    force: z.boolean().default(false),
  }),
  z.object({
    kind: z.literal('services.destroy'),
    operationId: identifierSchema,
    playgroundId: identifierSchema,
    /** True refuses, with `work-kept`, where a checkout has work that only it has: nobody asked for this but the clock. */
    keepWork: z.boolean().default(false),
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
    /** True boots from the drives even when memory was kept. */
    cold: z.boolean().default(false),
  }),
  z.object({
    /** A stop that keeps memory. */
    kind: z.literal('playground.suspend'),
    operationId: identifierSchema,
    playgroundId: identifierSchema,
  }),
  z.object({
    /** Cuts a playground as it is, running or not; it goes on. The snapshot has the operation’s id. */
    kind: z.literal('playground.snapshot'),
    operationId: identifierSchema,
    playgroundId: identifierSchema,
    origin: z.enum(snapshotOrigins),
    memory: z.boolean(),
    /** `name@version` of the playspec that it is for. */
    savedAs: z.string().nullable(),
  }),
  z.object({
    /** Takes a playground back to a snapshot. What it is now is kept as a snapshot with the operation’s id. */
    kind: z.literal('playground.rewind'),
    operationId: identifierSchema,
    playground: playgroundOrderSchema,
    snapshotId: identifierSchema,
    /** True boots from the drives even when the snapshot has memory. */
    cold: z.boolean(),
  }),
  z.object({
    kind: z.literal('snapshot.remove'),
    operationId: identifierSchema,
    snapshotId: identifierSchema,
  }),
  z.object({
    /** Removes volumes that outlived the playgrounds of a playspec. */
    kind: z.literal('volume.remove'),
    operationId: identifierSchema,
    persistentId: z.string(),
  }),
  z.object({
    /** Re-reads what the vault has; of one snapshot, or of all. */
    kind: z.literal('vault.verify'),
    operationId: identifierSchema,
    snapshotId: identifierSchema.nullable(),
    /** True reads a random part of it. */
    sample: z.boolean(),
  }),
  z.object({
    /** Restores a snapshot from the vault beside what is here and boots the copy; it is removed afterwards. */
    kind: z.literal('vault.drill'),
    operationId: identifierSchema,
    /** Null for one drawn by chance of those that the vault has. */
    snapshotId: identifierSchema.nullable(),
  }),
  z.object({
    /** Finds what is different between two snapshots. What it found is asked for by the operation’s id. */
    kind: z.literal('snapshot.compare'),
    operationId: identifierSchema,
    sides: z.tuple([comparedSchema, comparedSchema]),
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
  z.object({
    /** Forgets what opens repositories and registries for somebody who is gone. No operation: nobody waits for it. */
    kind: z.literal('credential.forget'),
    operationId: identifierSchema,
    /** Id of the user, which nobody else ever has: to hear it again later takes nothing from anybody. */
    owner: z.string(),
  }),
]);

export type Command = z.infer<typeof commandSchema>;
export type PlaygroundOrder = z.infer<typeof playgroundOrderSchema>;
