import { z } from 'zod';
import { errorBodySchema } from './error-body.ts';
import { identifierSchema, instantSchema } from './identifier.ts';
import { expiryActions, lifetimeSecondsSchema } from './lifetime.ts';
import { machineSchema } from './machine.ts';
import { playgroundStatuses } from './playground-status.ts';
import { playspecKinds } from './playspec.ts';
import { serviceSchema } from './service.ts';
import { taskSchema } from './task.ts';

/** One running (or ended) instance of a playspec, as the API shows it. */
export const playgroundSchema = z
  .object({
    id: identifierSchema,
    number: z.int().describe('Short number, unique on this server'),
    slug: z.string(),
    name: z.string().describe('Project name `pg-{number}-{slug}`'),
    title: z.string(),
    playspec: z.object({ name: z.string(), version: z.int() }),
    owner: z.string().describe('The user who started it'),
    kind: z.enum(playspecKinds).describe('What it is made of, as its playspec'),
    status: z.enum(playgroundStatuses),
    machines: z.array(machineSchema),
    services: z.array(serviceSchema).describe('Its Compose services; none of one that is made of machines'),
    tasks: z.array(taskSchema).describe('Its init tasks, those that exist under the chosen conditions'),
    conditions: z.record(z.string(), z.string()).describe('Chosen values of the init conditions, by key'),
    error: errorBodySchema
      .extend({ step: z.string().nullable() })
      .nullable()
      .describe('Set in status `error`'),
    result: z
      .enum(['succeeded', 'failed'])
      .nullable()
      .default(null)
      .describe('Of a job, in status `completed`: whether all services that it waits for ended with 0'),
    lifetimeSeconds: lifetimeSecondsSchema.describe(
      'How long it runs after each start or restart; null for no end',
    ),
    expiresAt: instantSchema
      .nullable()
      .describe('When that is over; null for never, and while it is stopped'),
    onExpiry: z.enum(expiryActions).describe('What becomes of it then'),
    operationId: identifierSchema.describe('The latest operation on this playground'),
    suspended: z.boolean().describe('True while it is stopped and its memory is kept'),
    snapshotId: identifierSchema
      .nullable()
      .describe('The snapshot that it was last started from or that it left when it was stopped'),
    forkedFrom: z
      .object({ playgroundId: identifierSchema, playgroundName: z.string(), snapshotId: identifierSchema })
      .nullable()
      .describe('Of a fork: whose, at which cut'),
    hidden: z
      .boolean()
      .describe('True of one that the server runs for itself, to prewarm a playspec; lists leave it out'),
    createdAt: instantSchema,
    updatedAt: instantSchema,
  })
  .describe('A playground');

export type Playground = z.infer<typeof playgroundSchema>;
