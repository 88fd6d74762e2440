import { z } from 'zod';
import { longestBranch, readBranch } from '../compose/labels/label-values.ts';
import { overridesSchema, serviceWishSchema } from '../link/services-order.ts';

export const environmentSchema = overridesSchema
  .default({})
  .describe('Of a Compose playspec: values of variables of all its services, over the file’s');

const branch = z.string().refine((name) => readBranch(name) !== undefined, {
  error: `expected the name of a branch as Git takes it, at most ${longestBranch} bytes`,
});

/** A wish as it comes from whoever makes it. Those that were kept before are taken as they are. */
export const newServiceWishSchema = serviceWishSchema.extend({
  branch: branch.optional(),
  newFrom: branch.optional(),
});

/** What a start may say of a Compose playspec. */
export const startWishes = {
  variables: z
    .record(z.string().max(200), z.string().max(10_000))
    .default({})
    .describe('Of a Compose playspec: values of its variables, by name'),
  environment: environmentSchema,
  services: z
    .record(z.string().max(200), newServiceWishSchema)
    .default({})
    .describe('Of a Compose playspec: what is wished for its services, by name'),
  profiles: z
    .array(z.string().min(1).max(200))
    .max(100)
    .default([])
    .describe('Of a Compose playspec: profiles whose services are to run as well'),
};
