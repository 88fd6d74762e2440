// What makes more of a playground, or takes it back: snapshots of it, forks, rewinds.
import { z } from 'zod';
import { comparisonSchema } from '../comparison.ts';
import { expiryActions, lifetimeSecondsSchema } from '../lifetime.ts';
import { identifierSchema } from '../identifier.ts';
import { operationSchema } from '../operation.ts';
import { playgroundSchema } from '../playground.ts';
import { snapshotSchema } from '../snapshot.ts';
import { accepted, playgroundParameters, publicKeySchema } from './playground-routes.ts';
import type { Route } from './route.ts';

/** Forks of one request. */
export const forkLimit = 20;

const treeNodeSchema = z
  .object({
    ...playgroundSchema.pick({ id: true, number: true, name: true, title: true, status: true }).shape,
    ...playgroundSchema.pick({ suspended: true, snapshotId: true, forkedFrom: true, createdAt: true }).shape,
    snapshots: z
      .array(snapshotSchema)
      .nullable()
      .describe('Those of it, oldest first; null while the playroom does not answer'),
  })
  .describe('A playground in the tree of forks');

const diffSideSchema = z.string().min(1).max(100);

export const forkRoutes = {
  'playground.fork': {
    method: 'POST',
    path: '/api/playgrounds/:playground/fork',
    summary:
      'Make copies of a running, stopped or suspended playground, all from one cut; the running one goes on',
    access: 'playground',
    parameters: playgroundParameters,
    body: z.strictObject({
      count: z.int().min(1).max(forkLimit).default(1).describe('How many'),
      title: z
        .string()
        .min(1)
        .max(110)
        .optional()
        .describe('Default: that of the playground; several forks are numbered behind it'),
      authorizedKeys: z
        .array(publicKeySchema)
        .max(20)
        .default([])
        .describe('OpenSSH public keys that may log in, beside those of the playground'),
      lifetimeSeconds: lifetimeSecondsSchema
        .optional()
        .describe('How long each may run; null for no end. Default: as the playground’s'),
      onExpiry: z.enum(expiryActions).optional().describe('Default: as the playground’s'),
    }),
    status: 202,
    response: z.object({
      operation: operationSchema.describe('The cut of the playground; the snapshot has its id'),
      playgrounds: z.array(playgroundSchema).describe('The forks'),
      operations: z.array(operationSchema).describe('The start of each; it waits for the cut'),
    }),
    errors: [
      'playground-unknown',
      'playground-state',
      'job-fixed',
      'rollout-under-way',
      'services-limit',
      'lifetime-too-long',
      'memory-budget',
      'playground-limit',
      'engine-down',
    ],
  },
  'playground.snapshot': {
    method: 'POST',
    path: '/api/playgrounds/:playground/snapshot',
    summary: 'Keep a playground as it is now, to go back to; it goes on',
    access: 'playground',
    parameters: playgroundParameters,
    body: z.strictObject({
      memory: z
        .boolean()
        .default(true)
        .describe('With the memory of its machines; of a stopped playground there is none'),
    }),
    status: 202,
    response: accepted,
    errors: ['playground-unknown', 'playground-state', 'engine-down'],
  },
  'playground.rewind': {
    method: 'POST',
    path: '/api/playgrounds/:playground/rewind',
    summary:
      'Take a running or stopped playground back to a snapshot of it, or of what it was forked from; what it is now is kept as a snapshot',
    access: 'playground',
    parameters: playgroundParameters,
    body: z.strictObject({
      snapshotId: identifierSchema,
      cold: z.boolean().default(false).describe('Boot from the drives, even when the snapshot has memory'),
    }),
    status: 202,
    response: accepted,
    errors: [
      'playground-unknown',
      'playground-state',
      'snapshot-unknown',
      'snapshot-foreign',
      'job-fixed',
      'rollout-under-way',
      'memory-budget',
      'playground-limit',
      'engine-down',
    ],
  },
  'playground.diff': {
    method: 'POST',
    path: '/api/diff',
    summary:
      'Find what is different between two playgrounds, or snapshots of them; one that runs is cut first and goes on',
    access: 'user',
    body: z.strictObject({
      from: diffSideSchema.describe('A playground, or the id of a snapshot'),
      to: diffSideSchema.describe('Another, or the same at another time'),
    }),
    status: 202,
    response: z.object({ operation: operationSchema }),
    errors: ['playground-unknown', 'playground-state', 'snapshot-unknown', 'diff-of-services', 'engine-down'],
  },
  'playground.diff-result': {
    method: 'GET',
    path: '/api/diff/:operation',
    summary: 'What a comparison found, once its operation has succeeded',
    access: 'operation',
    parameters: z.object({ operation: identifierSchema }),
    status: 200,
    response: z.object({ comparison: comparisonSchema }),
    errors: ['operation-unknown', 'comparison-unknown', 'engine-down'],
  },
  'playground.tree': {
    method: 'GET',
    path: '/api/playgrounds/:playground/tree',
    summary: 'All that a playground was forked from and all that was forked from it, with their snapshots',
    access: 'playground',
    parameters: playgroundParameters,
    status: 200,
    response: z.object({
      root: identifierSchema.describe('The playground at the top, as far as the caller may see it'),
      nodes: z.array(treeNodeSchema).describe('By number; destroyed ones too. `forkedFrom` draws the tree'),
    }),
    errors: ['playground-unknown'],
  },
} as const satisfies Record<string, Route>;
