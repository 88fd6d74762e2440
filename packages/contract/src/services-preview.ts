// What a start would make of a Compose playspec, before anything is made.
import { z } from 'zod';
import { variableSources } from './compose/environment/resolve-variables.ts';

/** A variable as a service finds it. */
export const shownVariableSchema = z.object({
  name: z.string(),
  value: z.string().describe('Masked when it is secret'),
  source: z.enum(variableSources),
  generated: z.boolean().describe('True when it is made for each playground anew, and kept'),
  secret: z.boolean(),
});

/** A variable of the Compose file. */
export const shownValueSchema = z.object({
  name: z.string(),
  value: z.string().describe('Masked when it is secret'),
  source: z.enum(['given', 'default', 'random']),
  secret: z.boolean(),
});

export const servicesPreviewSchema = z.object({
  values: z.array(shownValueSchema).describe('Variables of the Compose file'),
  services: z.array(
    z.object({
      name: z.string(),
      kind: z.enum(['static', 'dynamic']),
      production: z.boolean(),
      image: z.string().nullable().describe('As it is written; null for one that is built'),
      host: z.string().nullable().describe('Of its address; null when it is not exposed'),
      source: z
        .object({
          repository: z.string(),
          branch: z.string().nullable().describe('null for the default one'),
          commit: z.string().describe('That was looked at'),
        })
        .nullable(),
      variables: z.array(shownVariableSchema),
    }),
  ),
});

export type ServicesPreview = z.infer<typeof servicesPreviewSchema>;
