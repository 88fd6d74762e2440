// Snapshots, the layers that they consist of, and the vault that keeps them off the host.
import { z } from 'zod';
import { identifierSchema, playgroundReferenceSchema } from '../identifier.ts';
import { operationSchema } from '../operation.ts';
import { layerSchema, snapshotSchema } from '../snapshot.ts';
import type { Route } from './route.ts';

const parameters = z.object({ snapshot: identifierSchema });
const layerParameters = z.object({ layer: z.string().min(1).max(200) });
const operation = z.object({ operation: operationSchema });

export const snapshotRoutes = {
  'snapshot.list': {
    method: 'GET',
    path: '/api/snapshots',
    summary: 'Snapshots, newest first',
    access: 'user',
    query: z.object({
      playground: playgroundReferenceSchema.optional().describe('Only those of this playground'),
    }),
    status: 200,
    response: z.object({ snapshots: z.array(snapshotSchema) }),
    errors: ['playground-unknown', 'engine-down'],
  },
  'snapshot.get': {
    method: 'GET',
    path: '/api/snapshots/:snapshot',
    summary: 'One snapshot: its drives’ layers, what it costs, since when the vault has it',
    access: 'snapshot',
    parameters,
    status: 200,
    response: z.object({ snapshot: snapshotSchema }),
    errors: ['snapshot-unknown', 'engine-down'],
  },
  'snapshot.remove': {
    method: 'DELETE',
    path: '/api/snapshots/:snapshot',
    summary:
      'Remove a snapshot that no playground and no playspec would be started from, also from the vault',
    access: 'snapshot',
    parameters,
    status: 202,
    response: operation,
    errors: ['snapshot-unknown', 'snapshot-in-use', 'engine-down'],
  },
  'layer.list': {
    method: 'GET',
    path: '/api/layers',
    summary: 'The layers that the playroom’s snapshots and drives consist of',
    access: 'admin',
    status: 200,
    response: z.object({ layers: z.array(layerSchema) }),
    errors: ['engine-down'],
  },
  'layer.get': {
    method: 'GET',
    path: '/api/layers/:layer',
    summary: 'One layer, and who needs it',
    access: 'admin',
    parameters: layerParameters,
    status: 200,
    response: z.object({ layer: layerSchema }),
    errors: ['layer-unknown', 'engine-down'],
  },
  'vault.verify': {
    method: 'POST',
    path: '/api/vault/verify',
    summary: 'Read what the vault has and compare it with its digests',
    access: 'admin',
    body: z.strictObject({
      snapshotId: identifierSchema.nullable().default(null).describe('null for all'),
      sample: z.boolean().default(false).describe('Only a random part'),
    }),
    status: 202,
    response: operation,
    errors: ['snapshot-unknown', 'engine-down'],
  },
  'vault.drill': {
    method: 'POST',
    path: '/api/vault/drill',
    summary:
      'Restore a snapshot from the vault beside what is there and boot it; the copy is removed afterwards',
    access: 'admin',
    body: z.strictObject({
      snapshotId: identifierSchema.nullable().default(null).describe('null for one drawn by chance'),
    }),
    status: 202,
    response: operation,
    errors: ['snapshot-unknown', 'engine-down'],
  },
} as const satisfies Record<string, Route>;
