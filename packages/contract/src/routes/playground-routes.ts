import { z } from 'zod';
import { problemSchema } from '../error-body.ts';
import { playgroundReferenceSchema } from '../identifier.ts';
import { expiryActions, lifetimeSecondsSchema } from '../lifetime.ts';
import { consoleChunkSchema, sshAccessSchema } from '../link/question.ts';
import { machineSchema } from '../machine.ts';
import { initConditionSchema } from '../manifest/init-conditions.ts';
import { operationSchema } from '../operation.ts';
import { playgroundSchema } from '../playground.ts';
import { playspecReferenceSchema } from '../playspec.ts';
import { taskInputSchema, taskKinds, taskLogSchema, taskSchema } from '../task.ts';
import { costSchema } from '../snapshot.ts';
import { costsOfMany, costsQuery } from './costs.ts';
import type { Route } from './route.ts';
import { startWishes } from './start-wishes.ts';

/** Which playground a route is about. */
export const playgroundParameters = z.object({ playground: playgroundReferenceSchema });
export const machineParameters = playgroundParameters.extend({ machine: z.string().min(1).max(63) });
/** What a request that starts work is answered with. */
export const accepted = z.object({ playground: playgroundSchema, operation: operationSchema });
export const publicKeySchema = z
  .string()
  .max(4096)
  .regex(
    /^(ssh-|ecdsa-|sk-)[a-z0-9@.-]+ [A-Za-z0-9+/=]+( [^\r\n]*)?$/,
    'expected one OpenSSH public key line',
  );

export const playgroundRoutes = {
  'playground.start': {
    method: 'POST',
    path: '/api/playgrounds',
    summary: 'Start a playground from a playspec, optionally merged with a manifest',
    access: 'playspec.start',
    body: z.strictObject({
      playspec: playspecReferenceSchema,
      manifest: z.string().optional().describe('Manifest as YAML text, merged over the playspec’s'),
      manifestFile: z.string().max(1024).default('manifest.yaml').describe('Name used in located errors'),
      title: z.string().min(1).max(120).optional(),
      conditions: z
        .record(z.string().max(200), z.string().max(1000))
        .default({})
        .describe('Values for the init conditions, by key'),
      ...startWishes,
      authorizedKeys: z
        .array(publicKeySchema)
        .max(20)
        .default([])
        .describe('OpenSSH public keys that may log in'),
      lifetimeSeconds: lifetimeSecondsSchema
        .optional()
        .describe('How long it may run; null for no end. Default: `server.defaultLifetime`'),
      onExpiry: z
        .enum(expiryActions)
        .optional()
        .describe('What becomes of it when that is over. Default: `server.onExpiry`'),
    }),
    status: 202,
    response: accepted.extend({
      notes: z
        .array(problemSchema)
        .default([])
        .describe(
          'What has no effect in this version (`manifest-ignored`), what was more than is allowed (`manifest-scaled`), which sources others stand in for (`manifest-stand-in`), and which machines need a larger machine type (`manifest-machine-type`)',
        ),
    }),
    errors: [
      'manifest-invalid',
      'playspec-unknown',
      'playspec-version-unknown',
      'playspec-not-ready',
      'playspec-other-kind',
      'playspec-fixed',
      'service-unknown',
      'subdomain-unfit',
      'host-name-taken',
      'services-limit',
      'playspec-stateful',
      'source-unknown',
      'kernel-unknown',
      'conditions-refused',
      'lifetime-too-long',
      'memory-budget',
      'playground-limit',
      'engine-down',
    ],
  },
  'playground.conditions': {
    method: 'POST',
    path: '/api/playgrounds/conditions',
    summary: 'What can be chosen when a playspec, optionally merged with a manifest, is started',
    access: 'playspec.start',
    body: z.strictObject({
      playspec: playspecReferenceSchema,
      manifest: z.string().optional().describe('Manifest as YAML text, merged over the playspec’s'),
      manifestFile: z.string().max(1024).default('manifest.yaml').describe('Name used in located errors'),
    }),
    status: 200,
    response: z.object({ conditions: z.array(initConditionSchema) }),
    errors: [
      'playspec-unknown',
      'playspec-version-unknown',
      'playspec-of-services',
      'playspec-other-kind',
      'manifest-invalid',
      'source-unknown',
      'kernel-unknown',
      'engine-down',
    ],
  },
  'playground.list': {
    method: 'GET',
    path: '/api/playgrounds',
    summary: 'Playgrounds, newest first',
    access: 'user',
    query: costsQuery.extend({
      all: z
        .stringbool()
        .default(false)
        .describe('Also those that were destroyed, and those that the server runs for itself'),
    }),
    status: 200,
    response: z.object({ playgrounds: z.array(playgroundSchema), costs: costsOfMany }),
    errors: [],
  },
  'playground.get': {
    method: 'GET',
    path: '/api/playgrounds/:playground',
    summary: 'One playground',
    access: 'playground.any',
    parameters: playgroundParameters,
    query: costsQuery,
    status: 200,
    response: z.object({
      playground: playgroundSchema,
      cost: costSchema.nullable().default(null).describe('null when it was not asked for or is not known'),
    }),
    errors: ['playground-unknown'],
  },
  'playground.password': {
    method: 'GET',
    path: '/api/playgrounds/:playground/password',
    summary: 'The user and password of the internal services of a Compose playground',
    access: 'playground',
    parameters: playgroundParameters,
    status: 200,
    response: z.object({ user: z.string(), password: z.string() }),
    errors: ['playground-unknown', 'not-of-machines', 'engine-down'],
  },
  'playground.retry': {
    method: 'POST',
    path: '/api/playgrounds/:playground/retry',
    summary: 'Start a playground in status `error` again',
    access: 'playground',
    parameters: playgroundParameters,
    status: 202,
    response: accepted,
    errors: ['playground-unknown', 'playground-state', 'memory-budget', 'engine-down'],
  },
  'playground.destroy': {
    method: 'DELETE',
    path: '/api/playgrounds/:playground',
    summary: 'Destroy a playground and everything it has on its playroom',
    access: 'playground.any',
    parameters: playgroundParameters,
    status: 202,
    response: accepted,
    errors: ['playground-unknown', 'playground-state'],
  },
  'playground.manifest': {
    method: 'GET',
    path: '/api/playgrounds/:playground/manifest',
    summary: 'The manifest a playground runs, as YAML',
    access: 'playground',
    parameters: playgroundParameters,
    status: 200,
    response: z.object({ manifest: z.string() }),
    errors: ['playground-unknown'],
  },
  'playground.machines': {
    method: 'GET',
    path: '/api/playgrounds/:playground/machines',
    summary: 'The machines of a playground',
    access: 'playground',
    parameters: playgroundParameters,
    status: 200,
    response: z.object({ machines: z.array(machineSchema) }),
    errors: ['playground-unknown'],
  },
  'playground.tasks': {
    method: 'GET',
    path: '/api/playgrounds/:playground/tasks',
    summary: 'The init tasks of a playground',
    access: 'playground',
    parameters: playgroundParameters,
    query: z.object({
      kind: z.enum(taskKinds).optional().describe('Only these'),
      machine: z.string().optional().describe('Only those on this machine'),
    }),
    status: 200,
    response: z.object({ tasks: z.array(taskSchema) }),
    errors: ['playground-unknown'],
  },
  'task.log': {
    method: 'GET',
    path: '/api/playgrounds/:playground/tasks/:task/log',
    summary: 'Part of the log of an init task',
    access: 'playground',
    parameters: playgroundParameters.extend({ task: z.string().min(1).max(63) }),
    query: z.object({
      offset: z.coerce
        .number()
        .int()
        .min(0)
        .optional()
        .describe('In bytes; default: so that the log’s end is shown'),
      limit: z.coerce.number().int().min(1).max(1_048_576).default(65_536).describe('In bytes'),
    }),
    status: 200,
    response: z.object({ log: taskLogSchema }),
    errors: ['playground-unknown', 'playground-state', 'task-unknown', 'engine-down'],
  },
  'task.input': {
    method: 'POST',
    path: '/api/playgrounds/:playground/tasks/:task/input',
    summary: 'Give an init task the input that it waits for, or another one',
    access: 'playground',
    parameters: playgroundParameters.extend({ task: z.string().min(1).max(63) }),
    body: z.strictObject({ input: taskInputSchema.describe('At most 16,384 characters, without NUL') }),
    status: 200,
    response: z.object({ task: taskSchema }),
    errors: ['playground-unknown', 'playground-state', 'task-unknown', 'task-input-refused', 'engine-down'],
  },
  'machine.ssh': {
    method: 'POST',
    path: '/api/playgrounds/:playground/machines/:machine/ssh',
    summary: 'Authorise a public key on a machine and tell how to reach its sshd',
    access: 'playground',
    parameters: machineParameters,
    body: z.strictObject({
      user: z.string().max(32).optional().describe('Default: the machine’s default user'),
      publicKey: publicKeySchema,
    }),
    status: 200,
    response: z.object({ access: sshAccessSchema }),
    errors: [
      'playground-unknown',
      'machine-unknown',
      'machine-not-running',
      'ssh-disabled',
      'guest-agent-silent',
      'guest-agent-refused',
      'engine-down',
    ],
  },
  'machine.console': {
    method: 'GET',
    path: '/api/playgrounds/:playground/machines/:machine/console',
    summary: 'Part of the serial console log of a machine’s boot',
    access: 'playground',
    parameters: machineParameters,
    query: z.object({
      boot: z.coerce.number().int().min(1).optional().describe('Default: the latest boot'),
      offset: z.coerce
        .number()
        .int()
        .min(0)
        .optional()
        .describe('In bytes; default: so that the log’s end is shown'),
      limit: z.coerce.number().int().min(1).max(1_048_576).default(65_536).describe('In bytes'),
    }),
    status: 200,
    response: z.object({ console: consoleChunkSchema }),
    errors: ['playground-unknown', 'machine-unknown', 'engine-down'],
  },
} as const satisfies Record<string, Route>;
