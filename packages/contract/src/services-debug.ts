// What helps to find out what is wrong with a playground, in one document. No value that is secret is in it.
import { z } from 'zod';
import { errorBodySchema } from './error-body.ts';
import { instantSchema } from './identifier.ts';
import { operationSchema } from './operation.ts';
import { playgroundSchema } from './playground.ts';
import { shownValueSchema, shownVariableSchema } from './services-preview.ts';

const failure = errorBodySchema.extend({ step: z.string().nullable() }).nullable();

const containerDebugSchema = z.object({
  name: z.string(),
  id: z.string(),
  image: z.string(),
  imageId: z.string().describe('Digest of what it really runs'),
  status: z.string().describe('As Docker says it: created, running, restarting, exited …'),
  exitCode: z.int().nullable().describe('null while it runs'),
  outOfMemory: z.boolean().describe('True when the kernel ended it because memory ran out'),
  restarts: z.int(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  error: z.string().nullable().describe('Why Docker could not start it'),
  health: z.string().nullable().describe('null when it has no health check'),
  healthOutput: z.string().nullable().describe('What the last health check said'),
  networks: z.array(z.object({ name: z.string(), address: z.string().nullable() })),
});

const serviceDebugSchema = z.object({
  name: z.string(),
  kind: z.enum(['static', 'dynamic']),
  production: z.boolean(),
  source: z
    .object({
      repository: z.string(),
      wished: z.string().nullable().describe('The branch that was asked for; null for the default'),
      branch: z.string().nullable(),
      commit: z.string().nullable(),
      dirty: z.boolean().nullable().describe('null when there is no checkout to look at'),
    })
    .nullable(),
  build: z
    .object({
      image: z
        .string()
        .nullable()
        .describe('Named by a digest of commit and recipe; null before it was built'),
      commit: z.string().nullable().describe('That it was built from, as the image says'),
      builtAt: z.string().nullable(),
      sizeBytes: z.number().nullable(),
      target: z.string().nullable(),
      dockerfile: z.string(),
    })
    .nullable()
    .describe('null when nothing is built'),
  variables: z.array(shownVariableSchema),
  containers: z.array(containerDebugSchema),
  lastLines: z.array(z.string()).describe('The end of its log, where the service is not well'),
});

/** What the playroom knows of a playground of services. */
export const servicesDebugSchema = z.object({
  state: z.string().describe('As the playroom has it'),
  error: failure,
  rollout: z.boolean().describe('True while a rollout brings about a next version'),
  docker: z.object({
    answers: z.boolean(),
    version: z.string().nullable(),
    socket: z.string().nullable(),
  }),
  values: z.array(shownValueSchema).describe('Variables of the Compose file'),
  services: z.array(serviceDebugSchema),
  networks: z.array(
    z.object({
      name: z.string(),
      driver: z.string(),
      internal: z.boolean(),
      subnets: z.array(z.string()),
    }),
  ),
  volumes: z.array(z.string()),
  unusedVolumes: z
    .array(z.string())
    .default([])
    .describe(
      'Those of them that the final file does not have: of a version before, or of one that failed. They stay until the playground is destroyed, for there may be data in them',
    ),
  certificates: z.array(
    z.object({
      host: z.string(),
      issuer: z.string().nullable(),
      notBefore: z.string().nullable(),
      notAfter: z.string().nullable(),
      error: z.string().nullable().describe('Why none was served'),
    }),
  ),
  compose: z.string().nullable().describe('The final Compose file; null before there is one'),
  troubles: z
    .array(z.object({ about: z.string(), detail: z.string() }))
    .describe('What could not be found out, and why'),
});

export const playgroundDebugSchema = z
  .object({
    at: instantSchema,
    version: z.string().describe('Of the server'),
    engine: z.object({
      connected: z.boolean(),
      version: z.string().nullable(),
      runsOn: z.string().nullable().describe('What machines run on'),
    }),
    playground: playgroundSchema,
    manifest: z.string().nullable().describe('Of a playground of machines'),
    services: servicesDebugSchema.nullable().describe('null for one of machines, or when it is not known'),
    operations: z
      .array(
        operationSchema.extend({
          lastLines: z
            .array(z.object({ at: instantSchema, text: z.string() }))
            .describe('The end of its log, of those that failed or go on; long lines are cut'),
        }),
      )
      .describe('The last ones, newest first'),
    troubles: z
      .array(z.object({ about: z.string(), detail: z.string() }))
      .describe('What could not be found out, and why'),
  })
  .describe('What helps to find out what is wrong with a playground');

export type ContainerDebug = z.infer<typeof containerDebugSchema>;
export type ServiceDebug = z.infer<typeof serviceDebugSchema>;
export type ServicesDebug = z.infer<typeof servicesDebugSchema>;
export type PlaygroundDebug = z.infer<typeof playgroundDebugSchema>;
