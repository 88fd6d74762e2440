import { z } from 'zod';
import { overridesSchema, serviceWishSchema } from '../link/services-order.ts';

export const environmentSchema = overridesSchema
  .default({})
  .describe('Of a Compose playspec: values of variables of all its services, over the file’s');

/** What a start may say of a Compose playspec. */
export const startWishes = {
  variables: z
    .record(z.string().max(200), z.string().max(10_000))
    .default({})
    .describe('Of a Compose playspec: values of its variables, by name'),
  environment: environmentSchema,
  services: z
    .record(z.string().max(200), serviceWishSchema)
    .default({})
    .describe('Of a Compose playspec: what is wished for its services, by name'),
  profiles: z
    .array(z.string().min(1).max(200))
    .max(100)
    .default([])
    .describe('Of a Compose playspec: profiles whose services are to run as well'),
};
