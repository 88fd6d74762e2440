import { z } from 'zod';
import { kernelNameSchema, kernelOriginSchema, kernelSchema } from '../kernel.ts';
import { operationSchema } from '../operation.ts';
import type { Route } from './route.ts';

const name = z.string().min(1).max(200);

export const catalogRoutes = {
  'kernel.list': {
    method: 'GET',
    path: '/api/kernels',
    summary: 'Guest kernels of the playroom',
    access: 'user',
    status: 200,
    response: z.object({ kernels: z.array(kernelSchema) }),
    errors: [],
  },
  'kernel.add': {
    method: 'POST',
    path: '/api/kernels',
    summary: 'Install a kernel, in the place of the one that has its name',
    access: 'admin',
    body: z.object({
      name: kernelNameSchema,
      origin: kernelOriginSchema
        .optional()
        .describe('Where it comes from; left out for a kernel that comes with Playhouse'),
    }),
    status: 202,
    response: z.object({ operation: operationSchema }),
    errors: ['kernel-unknown', 'kernel-name-reserved', 'engine-down'],
  },
  'kernel.remove': {
    method: 'DELETE',
    path: '/api/kernels/:name',
    summary: 'Remove a kernel that no machine uses',
    access: 'admin',
    parameters: z.object({ name }),
    status: 202,
    response: z.object({ operation: operationSchema }),
    errors: ['kernel-unknown', 'kernel-in-use', 'kernel-is-default', 'engine-down'],
  },
} as const satisfies Record<string, Route>;
