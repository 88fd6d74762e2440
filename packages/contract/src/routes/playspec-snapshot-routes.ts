// Playspecs that begin with a snapshot: saved from a playground, or prewarmed.
import { z } from 'zod';
import { operationSchema } from '../operation.ts';
import { playgroundSchema } from '../playground.ts';
import { playspecNameSchema, playspecReferenceSchema, playspecSchema } from '../playspec.ts';
import { persistentVolumeSchema } from '../snapshot.ts';
import { playgroundParameters } from './playground-routes.ts';
import type { Route } from './route.ts';

const parameters = z.object({ name: playspecReferenceSchema });

export const playspecSnapshotRoutes = {
  'playspec.save': {
    method: 'POST',
    path: '/api/playgrounds/:playground/save',
    summary: 'Save a playground as a playspec: a template for any number of playgrounds; it goes on',
    access: 'playground',
    parameters: playgroundParameters,
    body: z.strictObject({
      name: playspecNameSchema,
      memory: z
        .boolean()
        .default(false)
        .describe('With the memory of its machines; of a stopped playground there is none'),
      update: z.boolean().default(false).describe('Make the next version of a playspec that is there'),
      title: z.string().min(5).max(120).optional().describe('Default: that of the playground'),
    }),
    status: 202,
    response: z.object({ playspec: playspecSchema, operation: operationSchema }),
    errors: [
      'playground-unknown',
      'playground-state',
      'not-of-services',
      'rollout-under-way',
      'playspec-exists',
      'playspec-unknown',
      'playspec-shipped',
      'playspec-other-kind',
      'forbidden',
      'engine-down',
    ],
  },
  'playspec.volumes': {
    method: 'GET',
    path: '/api/playspecs/:name/volumes',
    summary: 'Volumes of a Compose playspec that outlive its playgrounds',
    access: 'playspec.manage',
    parameters,
    status: 200,
    response: z.object({
      volumes: z.array(persistentVolumeSchema),
      playground: z
        .string()
        .nullable()
        .describe('The playground that uses them, which there is one of at most'),
    }),
    errors: ['playspec-unknown', 'playspec-shipped', 'forbidden', 'docker-unavailable', 'engine-down'],
  },
  'playspec.remove-volumes': {
    method: 'DELETE',
    path: '/api/playspecs/:name/volumes',
    summary: 'Remove them, with all that is in them',
    access: 'playspec.manage',
    parameters,
    status: 202,
    response: z.object({ operation: operationSchema }),
    errors: ['playspec-unknown', 'playspec-shipped', 'forbidden', 'volumes-in-use', 'engine-down'],
  },
  'playspec.prewarm': {
    method: 'POST',
    path: '/api/playspecs/:name/prewarm',
    summary: 'Boot a playspec once and keep its machines’ memory, so that starts of it go on from there',
    access: 'playspec.prewarm',
    parameters,
    status: 202,
    response: z.object({
      playspec: playspecSchema,
      playground: playgroundSchema.describe('The hidden one that it is made of'),
      operation: operationSchema.describe(
        'The start of that; what follows is told by the playspec’s `prewarm`',
      ),
    }),
    errors: [
      'playspec-unknown',
      'playspec-version-unknown',
      'playspec-of-services',
      'prewarm-needless',
      'conditions-refused',
      'memory-budget',
      'playground-limit',
      'engine-down',
    ],
  },
  'playspec.drop-prewarm': {
    method: 'DELETE',
    path: '/api/playspecs/:name/prewarm',
    summary: 'Give up what a playspec was prewarmed with, or is about to be: its starts boot again',
    access: 'playspec.prewarm',
    parameters,
    status: 200,
    response: z.object({ playspec: playspecSchema }),
    errors: ['playspec-unknown', 'playspec-version-unknown'],
  },
  'playspec.keep-spare': {
    method: 'PUT',
    path: '/api/playspecs/:name/spare',
    summary:
      'Keep a spare copy of a prewarmed playspec, which stands by for the next start, or keep none any more',
    access: 'playspec.prewarm',
    parameters,
    body: z.strictObject({ wanted: z.boolean().describe('False gives up the one that there is') }),
    status: 200,
    response: z.object({ playspec: playspecSchema }),
    errors: ['playspec-unknown', 'playspec-version-unknown', 'spare-needs-prewarm'],
  },
} as const satisfies Record<string, Route>;
