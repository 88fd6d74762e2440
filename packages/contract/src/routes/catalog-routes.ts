import { z } from 'zod';
import { kernelSchema } from '../kernel.ts';
import { operationSchema } from '../operation.ts';
import { sourceSchema } from '../source.ts';
import type { Route } from './route.ts';

const name = z.string().min(1).max(200);

export const catalogRoutes = {
  'source.list': {
    method: 'GET',
    path: '/api/sources',
    summary: 'Root file system images of the playroom',
    access: 'user',
    status: 200,
    response: z.object({ sources: z.array(sourceSchema) }),
    errors: [],
  },
  'source.bake': {
    method: 'POST',
    path: '/api/sources/:name/bake',
    summary: 'Bake a source anew from its packages',
    access: 'admin',
    parameters: z.object({ name }),
    status: 202,
    response: z.object({ operation: operationSchema }),
    errors: ['source-unknown', 'engine-down'],
  },
  'kernel.list': {
    method: 'GET',
    path: '/api/kernels',
    summary: 'Guest kernels of the playroom',
    access: 'user',
    status: 200,
    response: z.object({ kernels: z.array(kernelSchema) }),
    errors: [],
  },
} as const satisfies Record<string, Route>;
