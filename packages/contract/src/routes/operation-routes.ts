import { z } from 'zod';
import { identifierSchema } from '../identifier.ts';
import { operationSchema } from '../operation.ts';
import type { Route } from './route.ts';

const parameters = z.object({ operation: identifierSchema });

export const operationRoutes = {
  'operation.list': {
    method: 'GET',
    path: '/api/operations',
    summary: 'Operations, newest first',
    access: 'user',
    query: z.object({
      limit: z.coerce.number().int().min(1).max(1000).default(50),
      playground: z.string().max(100).optional().describe('Only those on this playground'),
    }),
    status: 200,
    response: z.object({ operations: z.array(operationSchema) }),
    errors: ['playground-unknown'],
  },
  'operation.get': {
    method: 'GET',
    path: '/api/operations/:operation',
    summary: 'One operation with its steps',
    access: 'operation',
    parameters,
    status: 200,
    response: z.object({ operation: operationSchema }),
    errors: ['operation-unknown'],
  },
  'operation.logs': {
    method: 'GET',
    path: '/api/operations/:operation/logs',
    summary: 'Log lines of an operation',
    access: 'operation',
    parameters,
    query: z.object({ after: z.coerce.number().int().min(0).default(0).describe('Skip this many lines') }),
    status: 200,
    response: z.object({
      lines: z.array(z.object({ number: z.int(), at: z.iso.datetime(), text: z.string() })),
    }),
    errors: ['operation-unknown'],
  },
  'operation.cancel': {
    method: 'POST',
    path: '/api/operations/:operation/cancel',
    summary: 'Cancel what can be undone; stops and destroys cannot',
    access: 'operation',
    parameters,
    status: 202,
    response: z.object({ operation: operationSchema }),
    errors: ['operation-unknown', 'operation-not-cancellable'],
  },
} as const satisfies Record<string, Route>;
